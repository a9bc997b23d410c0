import { batchesOf } from '../batches.ts'
import type { Curve, Series } from '../curve.ts'
import { DeliveryCounter } from '../delivery-counter.ts'
import { type Stand, write } from '../stand.ts'

const POINTS = [0, 1000, 10_000, 100_000, 1_000_000, 10_000_000]
const BODY_SIZE = 100
const PREFETCH = 1000
const ACK_EVERY = 100

/** As many messages are published as are taken from the other end, so the backlog stays as long as it is. */
export const backlog: Series = {
  name: 'backlog',
  title: 'Backlog',
  axis: 'messages waiting in the queue',
  item: 'waiting message',
  curves: [curve('transient', false), curve('persistent, durable queue', true)],
}

function curve(name: string, isDurable: boolean): Curve {
  return {
    name,
    points: POINTS,
    prepare: async (stand, count) => {
      await fill(stand, isDurable, count)
      await bring(stand, isDurable)
    },
  }
}

async function fill(stand: Stand, isDurable: boolean, count: number): Promise<void> {
  const connection = await stand.connect()
  await connection.call(1, 'queue.declare', { queue: 'queue', durable: isDurable })
  const batch = batchesOf({
    keys: ['queue'],
    bodySize: BODY_SIZE,
    isPersistent: isDurable,
    most: Math.min(Math.max(count, 1), 250),
  })[0]
  if (batch === undefined) throw new Error('no batch')
  for (let sent = 0; sent < count; sent += batch.count) await write(connection, batch.bytes)
  await connection.call(1, 'queue.declare', { queue: 'queue', durable: isDurable })
}

async function bring(stand: Stand, isPersistent: boolean): Promise<void> {
  const consuming = await stand.connect()
  await consuming.call(1, 'basic.qos', { prefetchCount: PREFETCH })
  const counter = new DeliveryCounter(consuming) // before the first delivery
  await consuming.call(1, 'basic.consume', { queue: 'queue' })
  const batches = batchesOf({ keys: ['queue'], bodySize: BODY_SIZE, isPersistent })
  stand.bring({
    publishers: [{ connection: await stand.connect(), batches }],
    consumers: [counter],
    window: 10_000,
    ackEvery: ACK_EVERY,
  })
}
