import { batchesOf, mixedNumbers } from '../batches.ts'
import type { Series } from '../curve.ts'
import { DeliveryCounter } from '../delivery-counter.ts'
import { callEach, type Stand } from '../stand.ts'

const POINTS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
const QUEUE_COUNT = 10
const MOST_KEYS = 100_000

/**
 * Every message matches one of the bindings, which are of three shapes: `device.N.*.temp`, `*.N.hall.temp` and
 * `device.N.#`.
 */
export const topicBindings: Series = {
  name: 'topic-bindings',
  title: 'Topic bindings',
  axis: 'bindings of one topic exchange',
  item: 'binding',
  curves: [
    {
      name: 'keys rotate',
      points: POINTS,
      prepare: async (stand, count) => {
        await bind(stand, count)
        await bring(stand, mixedNumbers(MOST_KEYS, count).map(keyOf))
      },
    },
    {
      name: 'one key',
      points: POINTS,
      prepare: async (stand, count) => {
        await bind(stand, count)
        await bring(stand, [keyOf(count - 1)])
      },
    },
  ],
}

async function bind(stand: Stand, count: number): Promise<void> {
  const connection = await stand.connect()
  await connection.call(1, 'exchange.declare', { exchange: 'topics', type: 'topic' })
  for (let i = 0; i < QUEUE_COUNT; i++) {
    await connection.call(1, 'queue.declare', { queue: `queue-${i}` })
  }
  await callEach(connection, 'queue.bind', bindings(count))
}

function* bindings(count: number) {
  for (let i = 0; i < count; i++) {
    yield { queue: `queue-${i % QUEUE_COUNT}`, exchange: 'topics', routingKey: patternOf(i) }
  }
}

async function bring(stand: Stand, keys: readonly string[]): Promise<void> {
  const connection = await stand.connect()
  const queues = Array.from({ length: QUEUE_COUNT }, (_, i) => ({
    queue: `queue-${i}`,
    noAck: true,
  }))
  await callEach(connection, 'basic.consume', queues)
  const batches = batchesOf({ exchange: 'topics', keys, bodySize: 16 })
  stand.bring({
    publishers: [{ connection: await stand.connect(), batches }],
    consumers: [new DeliveryCounter(connection)],
    window: 20_000,
    ackEvery: 0,
  })
}

function patternOf(number: number): string {
  if (number % 3 === 0) return `device.${number}.*.temp`
  return number % 3 === 1 ? `*.${number}.hall.temp` : `device.${number}.#`
}

function keyOf(number: number): string {
  return `device.${number}.hall.temp`
}
