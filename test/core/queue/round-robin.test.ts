import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoundRobin } from '../../../src/core/queue/round-robin.ts'
import { CoreHost } from '../../support/core-host.ts'
import { TestSubscriber } from '../../support/test-subscriber.ts'

const operations = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('add' as const),
        priority: fc.integer({ min: -2, max: 2 }),
        limit: fc.nat(3),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), at: fc.nat(9) }) },
    { weight: 6, arbitrary: fc.constant({ kind: 'deliver' as const }) },
  ),
  { maxLength: 80, size: 'max' },
)

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never

test('whoever comes, goes or is at its limit, consumers take turns within the highest priority', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const scene = new Scene()
      for (const operation of list) scene.apply(operation)
    }),
    { numRuns: 500 },
  )
})

/** Consumers side by side with those that wait, in the order in which they get messages. */
class Scene {
  private readonly host = new CoreHost()
  private readonly queue = this.host.queue('q')
  private readonly tested = new RoundRobin()
  private readonly all: TestSubscriber[] = []
  private readonly waiting: TestSubscriber[] = []

  apply(operation: Operation): void {
    if (operation.kind === 'add') {
      const subscriber = new TestSubscriber(this.queue, operation)
      this.tested.add(subscriber)
      this.all.push(subscriber)
      this.waiting.push(subscriber)
    } else if (operation.kind === 'deliver') this.deliver()
    else {
      const subscriber = this.all[operation.at % Math.max(1, this.all.length)]
      if (subscriber === undefined) return
      if (operation.kind === 'settle') this.settle(subscriber)
      else this.remove(subscriber)
    }
    expect([...this.tested]).toEqual(this.all)
  }

  private deliver(): void {
    const next = this.next()
    expect(this.tested.next()).toBe(next)
    if (next === null) return
    this.host.send('q', ['x'])
    next.deliver(this.host.take('q'))
  }

  private settle(subscriber: TestSubscriber): void {
    const { isParked } = subscriber
    subscriber.held.pop()
    this.tested.unpark(subscriber)
    if (isParked) this.waiting.push(subscriber)
  }

  private remove(subscriber: TestSubscriber): void {
    this.all.splice(this.all.indexOf(subscriber), 1)
    if (!subscriber.isParked) this.waiting.splice(this.waiting.indexOf(subscriber), 1)
    expect(this.tested.remove(subscriber)).toBe(true)
    expect(this.tested.remove(subscriber)).toBe(false)
    this.tested.unpark(subscriber)
  }

  /** Those that cannot take a message wait no more when it would be their turn. */
  private next(): TestSubscriber | null {
    const byPriority = this.waiting.toSorted((a, b) => b.priority - a.priority)
    for (const subscriber of byPriority) {
      this.waiting.splice(this.waiting.indexOf(subscriber), 1)
      if (!subscriber.canTake()) continue
      this.waiting.push(subscriber)
      return subscriber
    }
    return null
  }
}
