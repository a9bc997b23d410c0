import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { BarrierClient } from '../support/barrier-client.ts'
import { ClockedBroker } from '../support/clocked-broker.ts'
import type { ModelSpec } from '../support/model-queue.ts'
import { type Command, ModelRun } from '../support/model-run.ts'

/** How many sequences, and the seed they are made of; both may be given to see a failure again. */
const RUNS = Number(process.env.LEVERET_MODEL_RUNS ?? 200)
const SEED = Number(process.env.LEVERET_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31))

test(`a broker does what the model does, in ${RUNS} sequences`, async () => {
  console.info(`${RUNS} sequences of seed ${SEED}`)
  const tally = new Map<string, number>()
  const broker = await ClockedBroker.start()
  onTestFinished(() => broker.close())
  let client = await BarrierClient.connect(broker.port)
  onTestFinished(() => client.close())
  let runs = 0
  await fc.assert(
    fc.asyncProperty(
      specs,
      fc.array(commands, { maxLength: 60, size: 'max' }),
      async (specs, commands) => {
        const run = new ModelRun(broker, client, specs, `run ${runs++}`, tally)
        try {
          await run.run(commands)
        } catch (error) {
          await client.close()
          client = await BarrierClient.connect(broker.port)
          throw error
        }
      },
    ),
    { numRuns: RUNS, seed: SEED },
  )
  console.info(`seen: ${[...tally].map(([what, count]) => `${what} ${count}`).join(', ')}`)
  expect([...broker.vhost.queues]).toEqual([])
}, 3_600_000)

/** A time that is never over in a test. */
const FOREVER_MS = 10_000_000

const times = fc.constantFrom(0, 7, 50, 300, FOREVER_MS)
const limits = fc.option(fc.nat(3), { freq: 2 })

const classics = fc.record<ModelSpec>({
  type: fc.constant('classic'),
  ttlMs: fc.option(times, { freq: 2 }),
  maxLength: limits,
  maxBytes: fc.option(fc.constantFrom(0, 10, 30), { freq: 2 }),
  overflow: fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
  deadTo: fc.constantFrom(null, 'next', 'next'),
  maxPriority: fc.constantFrom(0, 0, 3),
  isSingleActive: fc.constantFrom(false, false, false, true),
  deliveryLimit: fc.constant(null),
})

const quorums = fc.record<ModelSpec>({
  type: fc.constant('quorum'),
  ttlMs: fc.option(times, { freq: 2 }),
  maxLength: limits,
  maxBytes: fc.option(fc.constantFrom(0, 10, 30), { freq: 2 }),
  overflow: fc.constantFrom('drop-head', 'reject-publish'),
  deadTo: fc.constantFrom(null, 'next', 'next'),
  maxPriority: fc.constant(0),
  isSingleActive: fc.constant(false),
  deliveryLimit: fc.option(fc.nat(2)),
})

const specs = fc.array(fc.oneof({ weight: 2, arbitrary: classics }, quorums), {
  minLength: 1,
  maxLength: 4,
})

const queues = fc.nat(3)
const channels = fc.constantFrom(1, 2)

const publishes = fc.record({
  kind: fc.constant('publish' as const),
  queue: fc.integer({ min: -1, max: 3 }),
  size: fc.constantFrom(0, 5, 20),
  priority: fc.constantFrom(0, 0, 1, 3),
  expirationMs: fc.option(times, { freq: 2 }),
  isPersistent: fc.boolean(),
})

const consumes = fc.record({
  kind: fc.constant('consume' as const),
  channel: channels,
  queue: queues,
  noAck: fc.constantFrom(false, false, true),
  prefetch: fc.nat(3),
  priority: fc.constantFrom(0, 0, 1, -1),
})

const settlements = fc.record({
  kind: fc.constant('settle' as const),
  channel: channels,
  index: fc.nat(10),
  multiple: fc.constantFrom(false, false, true),
  outcome: fc.constantFrom('ack' as const, 'reject' as const, 'requeue' as const),
  byReject: fc.boolean(),
})

const policies = fc.record({
  kind: fc.constant('policy' as const),
  queue: queues,
  policy: fc.record({ ttlMs: fc.option(times), maxLength: limits }),
})

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 20, arbitrary: publishes },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('get' as const),
      channel: channels,
      queue: queues,
      noAck: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: consumes },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), consumer: fc.nat(5) }),
  },
  { weight: 8, arbitrary: settlements },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recover' as const), channel: channels }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      byMs: fc.constantFrom(1, 6, 7, 43, 100, 300),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('bind' as const, 'bind' as const, 'unbind' as const, 'purge' as const),
      queue: queues,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), queue: queues }) },
  { weight: 2, arbitrary: policies },
)
