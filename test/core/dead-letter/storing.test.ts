import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { JournalStore } from '../../support/journal-store.ts'
import type { Plain } from '../../support/tables.ts'

const PERSISTENT = { deliveryMode: 2 }
const TO_DEAD = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }

describe('a dead letter is recorded before the queue is done with the message', () => {
  test('that was rejected', () => {
    const { host, store } = stored({ work: TO_DEAD, dead: {} })
    host.publish('', 'work', 'm', PERSISTENT)
    host.find('work').reject(host.take('work'), 'reject')
    expect(store.take()).toEqual(['append 1 m in work', 'append 2 m in dead', 'settle 1 in work'])
  })

  test('that expired', () => {
    const { host, store } = stored({ work: { ...TO_DEAD, 'x-message-ttl': 10 }, dead: {} })
    host.publish('', 'work', 'm', PERSISTENT)
    host.advance(10)
    expect(store.take()).toEqual(['append 1 m in work', 'append 2 m in dead', 'settle 1 in work'])
  })

  test('that another one displaced', () => {
    const { host, store } = stored({ work: { ...TO_DEAD, 'x-max-length': 1 }, dead: {} })
    host.send('work', ['a', 'b'], PERSISTENT)
    expect(store.take()).toEqual([
      'append 1 a in work',
      'append 2 b in work',
      'append 3 a in dead',
      'settle 1 in work',
    ])
  })

  test('whose death displaces another one, which dies as well', () => {
    const { host, store } = stored({
      work: TO_DEAD,
      dead: { 'x-max-length': 1, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'end' },
      end: {},
    })
    host.publish('', 'dead', 'old', PERSISTENT)
    host.publish('', 'work', 'm', PERSISTENT)
    store.take()
    host.find('work').reject(host.take('work'), 'reject')
    const lines = store.take()
    expect(lines.toSorted()).toEqual(
      [
        'append 3 m in dead',
        'append 4 old in end',
        'settle 1 in dead',
        'settle 2 in work',
      ].toSorted(),
    )
    expect(lines.indexOf('append 3 m in dead')).toBeLessThan(lines.indexOf('settle 2 in work'))
    expect(lines.indexOf('append 4 old in end')).toBeLessThan(lines.indexOf('settle 1 in dead'))
  })

  test('that failed too often', () => {
    const { host, store } = stored({
      work: { ...TO_DEAD, 'x-queue-type': 'quorum', 'x-delivery-limit': 0 },
      dead: {},
    })
    host.publish('', 'work', 'm', PERSISTENT)
    host.find('work').requeue([host.take('work')], 'nack')
    expect(store.take()).toEqual(['append 1 m in work', 'append 2 m in dead', 'settle 1 in work'])
  })
})

test('a message that the queue never took is dead-lettered and not settled', () => {
  const full = { 'x-max-length': 1, 'x-overflow': 'reject-publish-dlx' }
  const { host, store } = stored({ work: { ...TO_DEAD, ...full }, dead: {} })
  host.send('work', ['a', 'b'], PERSISTENT)
  expect(store.take()).toEqual(['append 1 a in work', 'append 2 b in dead'])
})

test('a transient message dies without a trace in the store', () => {
  const { host, store } = stored({ work: TO_DEAD, dead: {} })
  host.publish('', 'work', 'm')
  host.find('work').reject(host.take('work'), 'reject')
  expect(host.drain('dead')).toEqual(['m'])
  expect(store.take()).toEqual([])
})

test('a persistent message in a transient queue is stored once it reaches a durable one', () => {
  const { host, store } = stored({ dead: {} })
  host.queue('work', TO_DEAD, { durable: false })
  host.publish('', 'work', 'm', PERSISTENT)
  host.find('work').reject(host.take('work'), 'reject')
  expect(store.take()).toEqual(['append 1 m in dead'])
})

test('a message that nobody gets is settled all the same', () => {
  const { host, store } = stored({ work: { 'x-dead-letter-exchange': 'nowhere' } })
  host.publish('', 'work', 'm', PERSISTENT)
  host.find('work').reject(host.take('work'), 'reject')
  expect(store.take()).toEqual(['append 1 m in work', 'settle 1 in work'])
})

test('a dead letter that a full queue rejects is settled where it died', () => {
  const { host, store } = stored({
    work: TO_DEAD,
    dead: { 'x-max-length': 0, 'x-overflow': 'reject-publish' },
  })
  host.publish('', 'work', 'm', PERSISTENT)
  host.find('work').reject(host.take('work'), 'reject')
  expect(host.find('dead').readyCount).toBe(0)
  expect(store.take()).toEqual(['append 1 m in work', 'settle 1 in work'])
})

function stored(queues: Readonly<Record<string, Readonly<Record<string, Plain>>>>) {
  const store = new JournalStore()
  const host = new CoreHost('4.2', store)
  for (const [name, args] of Object.entries(queues)) host.queue(name, args)
  return { host, store }
}
