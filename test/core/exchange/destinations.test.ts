import { expect, test } from 'vitest'
import { Destinations } from '../../../src/core/exchange/destinations.ts'
import { TestVhost } from '../../support/test-vhost.ts'

test('a collection has each queue and each exchange once, in the order they were found', () => {
  const host = new TestVhost()
  const [q, r] = [host.queue('q'), host.queue('r')]
  const [x, y] = [host.exchange('x', 'fanout'), host.exchange('y', 'fanout')]
  const found = new Destinations()
  found.begin(x)
  for (const destination of [r, q, y, r, x, q, y]) found.add(destination)
  expect(found.queues).toEqual([r, q])
  expect(found.exchanges).toEqual([x, y])
})

test('what was found is counted again when it is found again', () => {
  const host = new TestVhost()
  const found = new Destinations()
  found.begin(host.exchange('x', 'fanout'))
  const before = found.foundCount
  found.add(host.queue('q'))
  found.add(host.queue('q'))
  expect(found.foundCount - before).toBe(2)
})

test('a collection begun anew leaves the queues of the one before as they were', () => {
  const host = new TestVhost()
  const [q, x] = [host.queue('q'), host.exchange('x', 'fanout')]
  const found = new Destinations()
  found.begin(x)
  found.add(q)
  const before = found.queues
  found.begin(x)
  expect(found.queues).toEqual([])
  expect(before).toEqual([q])
})

test('two collections at once do not disturb each other', () => {
  const host = new TestVhost()
  const [q, x] = [host.queue('q'), host.exchange('x', 'fanout')]
  const [one, two] = [new Destinations(), new Destinations()]
  one.begin(x)
  two.begin(x)
  two.add(q)
  one.add(q)
  expect(one.queues).toEqual([q])
  expect(two.queues).toEqual([q])
})
