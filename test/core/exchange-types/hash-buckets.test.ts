import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newMessage } from '../../support/messages.ts'
import { TestVhost } from '../../support/test-vhost.ts'

type Change = readonly [kind: 'join' | 'leave', queue: number, weight: number]

const change = fc.tuple(
  fc.constantFrom('join' as const, 'leave' as const),
  fc.nat({ max: 6 }),
  fc.integer({ min: 1, max: 5 }),
)

test('a queue of weight n has the buckets of n queues in its place, whoever joins and leaves', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const weighted = new TestVhost()
      const single = new TestVhost()
      for (const there of [weighted, single]) there.exchange('x', 'x-consistent-hash')
      for (const one of changes) {
        apply(weighted, one)
        applySingly(single, one)
        expect(placesIn(single).map(ownerOf)).toEqual(placesIn(weighted))
      }
    }),
  )
})

test('an exchange that is deleted leads nowhere, whoever still holds it', () => {
  const there = new TestVhost()
  const exchange = there.exchange('x', 'x-consistent-hash')
  apply(there, ['join', 1, 1])
  there.exchange('x2', 'fanout')
  there.bindExchange('x2', 'x')
  there.vhost.deleteExchange('x', false)
  expect(there.route('x2', 'k')).toEqual([])
  const { queues } = there.vhost.route(exchange, newMessage({ exchange: 'x', routingKey: 'k' }))
  expect(queues).toEqual([])
})

function apply(there: TestVhost, [kind, queue, weight]: Change): void {
  const name = `${queue}`
  if (kind === 'leave') there.deleteQueue(name)
  else if (!there.hasQueue(name)) {
    there.queue(name)
    there.bindQueue('x', name, `${weight}`)
  }
}

/** The same with a queue of weight 1 for each bucket. */
function applySingly(there: TestVhost, [kind, queue, weight]: Change): void {
  const isThere = there.hasQueue(`${queue} 0`)
  for (let i = 0; i < 5; i++) {
    const name = `${queue} ${i}`
    if (kind === 'leave') there.deleteQueue(name)
    else if (!isThere && i < weight) {
      there.queue(name)
      there.bindQueue('x', name, '1')
    }
  }
}

function placesIn(there: TestVhost): string[] {
  return Array.from({ length: 50 }, (_, i) => there.route('x', `key ${i}`)[0] ?? '')
}

function ownerOf(name: string): string {
  return name.split(' ')[0] ?? ''
}
