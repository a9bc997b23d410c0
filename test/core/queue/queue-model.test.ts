import fc from 'fast-check'
import { test } from 'vitest'
import { QueueModel } from '../../support/queue-model.ts'

const subscriptions = fc.record({
  exclusive: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  priority: fc.constantFrom(0, 0, 0, 5, -5),
  limit: fc.nat(3),
  noAck: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
})

const operations = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('enqueue' as const),
        flag: fc.boolean(),
        priority: fc.nat(4),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('get' as const), flag: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('subscribe' as const), wish: subscriptions }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), at: fc.nat(9) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('settle' as const), at: fc.nat(30) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('requeue' as const), at: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), at: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'purge' as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'end turn' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'count' as const }) },
  ),
  { maxLength: 80, size: 'max' },
)

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never

test('whatever is done, messages come in order, once, and none is lost', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const model = new QueueModel(false)
      for (const operation of list) apply(operation, model)
      model.endTurn()
      model.expectSame()
      model.expectNothingLost()
    }),
    { numRuns: 500 },
  )
})

test('with priorities, messages come in order of priority, but none waits for one that comes later', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const model = new QueueModel(false, 3)
      for (const operation of list) apply(operation, model)
      model.endTurn()
      model.expectSame()
      model.expectNothingLost()
    }),
    { numRuns: 500 },
  )
})

test('an auto-delete queue does the same until its last consumer goes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const model = new QueueModel(true)
      for (const operation of list) {
        apply(operation, model)
        if (model.isDeleted) return
      }
      model.expectNothingLost()
    }),
    { numRuns: 200 },
  )
})

function apply(operation: Operation, model: QueueModel): void {
  switch (operation.kind) {
    case 'enqueue':
      return model.enqueue(operation.flag, operation.priority)
    case 'get':
      return model.get(operation.flag)
    case 'subscribe':
      return model.subscribe(operation.wish)
    case 'unsubscribe':
      return model.unsubscribe(operation.at)
    case 'settle':
    case 'requeue':
    case 'reject':
      return model.giveBack(operation.at, operation.kind)
    case 'purge':
      return model.purge()
    case 'end turn':
      return model.endTurn()
    case 'count':
      return model.expectSame()
  }
}
