import { expect, test } from 'vitest'
import type { Queue } from '../../../src/core/queue/queue.ts'
import { CoreHost } from '../../support/core-host.ts'

const PERSISTENT = { deliveryMode: 2 }

test('what a consumer holds is counted on after a purge, persistent or not', () => {
  const host = new CoreHost()
  const queue = host.queue('q')
  host.send('q', ['transient'])
  host.send('q', ['1', '22', '333'], PERSISTENT)
  const [transient, first, second] = [host.take('q'), host.take('q'), host.take('q')]
  queue.purge()
  expect(persistent(queue)).toEqual([2, 3])
  queue.settle(transient)
  expect(persistent(queue)).toEqual([2, 3])
  queue.requeue([second], 'nack')
  queue.settle(first)
  expect(persistent(queue)).toEqual([1, 2])
  queue.purge()
  expect(persistent(queue)).toEqual([0, 0])
})

test('what waits to be dead-lettered is not in its queue any more', () => {
  const host = new CoreHost()
  const queue = host.queue('q', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'd' })
  const dead = host.queue('d')
  host.send('q', ['1', '22'], PERSISTENT)
  const { deadLetters } = host.vhost
  deadLetters.hold()
  queue.reject(host.take('q'), 'reject')
  expect(persistent(queue)).toEqual([1, 2])
  queue.purge()
  host.send('q', ['333'], PERSISTENT)
  deadLetters.release()
  expect([persistent(queue), persistent(dead)]).toEqual([
    [1, 3],
    [1, 1],
  ])
})

function persistent({ counters }: Queue): number[] {
  return [counters.persistentCount, counters.persistentBytes]
}
