import fc from 'fast-check'
import { test } from 'vitest'
import { BacklogModel } from '../../support/backlog-model.ts'

const operations = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('push' as const),
        isPersistent: fc.boolean(),
        priority: fc.nat(3),
        size: fc.nat(8),
        ttlMs: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 2, nil: null }),
      }),
    },
    { weight: 6, arbitrary: fc.constant({ kind: 'get' as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('settle' as const), at: fc.nat(30) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('requeue' as const), at: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'purge' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'sync' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  ),
  { maxLength: 80, size: 'max' },
)

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never

const wishes = fc.record({
  maxPriority: fc.constantFrom(0, 0, 2),
  maxLength: fc.constantFrom(null, null, 6),
  isQuick: fc.boolean(),
  limits: fc.record({
    limitBytes: fc.constantFrom(0, 2000),
    minCount: fc.integer({ min: 1, max: 4 }),
    minBytes: fc.integer({ min: 1, max: 30 }),
    readBytes: fc.integer({ min: 1, max: 20 }),
  }),
})

test('however little is kept in memory, a queue gives the messages that it was given, in order, once', () => {
  fc.assert(
    fc.property(wishes, operations, (wish, list) => {
      const model = new BacklogModel(wish)
      for (const operation of list) apply(operation, model)
      model.expectNothingLost()
    }),
    { numRuns: 500 },
  )
})

function apply(operation: Operation, model: BacklogModel): void {
  switch (operation.kind) {
    case 'push': {
      const { isPersistent, priority, size, ttlMs } = operation
      return model.push(isPersistent, priority, size, ttlMs)
    }
    case 'get':
      return model.get()
    case 'settle':
    case 'requeue':
      return model.giveBack(operation.at, operation.kind)
    case 'purge':
      return model.purge()
    case 'advance':
      return model.advance(operation.ms)
    case 'sync':
      return model.sync()
    case 'restart':
      return model.restart()
  }
}
