import { batchesOf, mixedNumbers } from '../batches.ts'
import type { Series } from '../curve.ts'
import { DeliveryCounter } from '../delivery-counter.ts'
import { callEach, type Stand } from '../stand.ts'

const POINTS = [1, 10, 100, 1000, 10_000, 50_000]
const MOST_CONSUMING_CONNECTIONS = 10

export const queues: Series = {
  name: 'queues',
  title: 'Queues',
  axis: 'queues',
  item: 'queue',
  curves: [
    {
      name: 'one of them busy',
      points: POINTS,
      prepare: async (stand, count) => {
        await declare(stand, count)
        await bring(stand, ['queue-0'], 1)
      },
    },
    {
      name: 'all of them busy',
      points: POINTS,
      prepare: async (stand, count) => {
        await declare(stand, count)
        await bring(stand, mixedNumbers(count, count).map(nameOf), MOST_CONSUMING_CONNECTIONS)
      },
    },
  ],
}

async function declare(stand: Stand, count: number): Promise<void> {
  const connection = await stand.connect()
  const queues = Array.from({ length: count }, (_, i) => ({ queue: nameOf(i) }))
  await callEach(connection, 'queue.declare', queues)
}

/** One publisher that goes through the queues, each with a consumer. */
async function bring(stand: Stand, names: readonly string[], mostConnections: number) {
  const connections = await stand.connectMany(Math.min(mostConnections, names.length))
  for (const [at, connection] of connections.entries()) {
    const own = names.filter((_, i) => i % connections.length === at)
    await callEach(
      connection,
      'basic.consume',
      own.map((queue) => ({ queue, consumerTag: queue, noAck: true })),
    )
  }
  stand.bring({
    publishers: [
      { connection: await stand.connect(), batches: batchesOf({ keys: names, bodySize: 16 }) },
    ],
    consumers: connections.map((connection) => new DeliveryCounter(connection)),
    window: 20_000,
    ackEvery: 0,
  })
}

function nameOf(number: number): string {
  return `queue-${number}`
}
