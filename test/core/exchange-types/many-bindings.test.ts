import { expect, test } from 'vitest'
import { TestVhost } from '../../support/test-vhost.ts'

/** So many that nothing ends in time whose cost grows with their square. */
const COUNT = 60_000

test.each([
  ['x-consistent-hash', '10000'],
  ['x-modulus-hash', ''],
  ['x-random', ''],
])('%s loses many queues one after the other, and the rest when it is deleted', (type, key) => {
  const there = new TestVhost()
  const exchange = there.exchange('x', type)
  for (let i = 0; i < COUNT; i++) {
    there.queue(`q${i}`)
    there.bindQueue('x', `q${i}`, key)
  }
  for (let i = 0; i < COUNT; i += 2) there.deleteQueue(`q${i}`)
  expect(exchange.bindings.size).toBe(COUNT / 2)
  expect(there.route('x', 'any')).toHaveLength(1)
  there.vhost.deleteExchange('x', false)
  expect(exchange.bindings.size).toBe(0)
  for (const queue of there.vhost.queues) expect(queue.incoming.size).toBe(0)
})
