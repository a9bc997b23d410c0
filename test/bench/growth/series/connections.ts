import { batchesOf } from '../batches.ts'
import type { Series } from '../curve.ts'
import { DeliveryCounter } from '../delivery-counter.ts'
import type { Stand } from '../stand.ts'

const BATCH_COUNT = 16

/** Half of the busy connections publish, half consume; every write of a publisher has 16 messages. */
export const connections: Series = {
  name: 'connections',
  title: 'Connections',
  axis: 'connections',
  item: 'connection',
  curves: [
    {
      name: 'two of them busy',
      points: [2, 10, 100, 1000, 5000],
      prepare: async (stand, count) => {
        await stand.connectMany(count - 2)
        await bringPairs(stand, 1)
      },
    },
    {
      name: 'all of them busy',
      points: [2, 10, 100, 1000, 5000],
      prepare: (stand, count) => bringPairs(stand, count / 2),
    },
  ],
}

async function bringPairs(stand: Stand, count: number): Promise<void> {
  const consuming = await stand.connectMany(count)
  const publishing = await stand.connectMany(count)
  await Promise.all(
    consuming.map(async (connection, i) => {
      await connection.call(1, 'queue.declare', { queue: `queue-${i}` })
      await connection.call(1, 'basic.consume', { queue: `queue-${i}`, noAck: true })
    }),
  )
  stand.bring({
    publishers: publishing.map((connection, i) => ({
      connection,
      batches: batchesOf({ keys: [`queue-${i}`], bodySize: 16, most: BATCH_COUNT }),
    })),
    consumers: consuming.map((connection) => new DeliveryCounter(connection)),
    window: 20_000,
    ackEvery: 0,
  })
}
