import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { JournalStore } from '../../support/journal-store.ts'
import { refusalOf } from '../../support/refusal-of.ts'
import { type Plain, tableOf } from '../../support/tables.ts'

function host(args: Readonly<Record<string, Plain>> = {}, store = new JournalStore()): CoreHost {
  const there = new CoreHost('4.2', store)
  there.exchange('x', 'x-recent-history', args)
  for (const name of ['early', 'late']) there.queue(name)
  return there
}

function publish(there: CoreHost, count: number): void {
  for (let i = 1; i <= count; i++) there.publish('x', `key ${i}`, `${i}`)
}

describe('x-recent-history', () => {
  test('is a fanout to what is bound', () => {
    const there = host()
    there.bind('x', 'early', 'whatever')
    publish(there, 2)
    expect(there.drain('early')).toEqual(['1', '2'])
  })

  test('gives a new binding the last messages, oldest first', () => {
    const there = host({ 'x-recent-history-length': 3 })
    publish(there, 5)
    there.bind('x', 'late')
    expect(there.drain('late')).toEqual(['3', '4', '5'])
  })

  test('keeps 20 if nothing is said', () => {
    const there = host()
    publish(there, 50)
    there.bind('x', 'late')
    expect(there.find('late').readyCount).toBe(20)
    expect(there.drain('late').at(0)).toBe('31')
  })

  test('gives them once for each binding, not again for the same', () => {
    const there = host()
    publish(there, 1)
    there.bind('x', 'late')
    there.bind('x', 'late')
    expect(there.drain('late')).toEqual(['1'])
    there.bind('x', 'late', 'another')
    expect(there.drain('late')).toEqual(['1'])
  })

  test('gives them to a queue behind a new exchange', () => {
    const there = host()
    there.exchange('next', 'fanout')
    there.bind('next', 'late')
    publish(there, 2)
    there.bindExchange('x', 'next')
    expect(there.drain('late')).toEqual(['1', '2'])
    expect(there.drain('early')).toEqual([])
  })

  test('goes by what was published here, bound or not, by whatever way', () => {
    const there = host()
    there.bindExchange('amq.fanout', 'x')
    there.publish('amq.fanout', '', 'around')
    there.bind('x', 'late')
    expect(there.drain('late')).toEqual(['around'])
  })

  test('does not keep a message that asks not to be kept', () => {
    const there = host()
    there.bind('x', 'early')
    const ask = (value: boolean) => ({ headers: tableOf({ 'x-recent-history-no-store': value }) })
    there.publish('x', '', 'secret', ask(true))
    there.publish('x', '', 'open', ask(false))
    there.bind('x', 'late')
    expect(there.drain('early')).toEqual(['secret', 'open'])
    expect(there.drain('late')).toEqual(['open'])
  })

  test('gives messages with their old address and properties', () => {
    const there = host()
    there.publish('x', 'key', 'm', { messageId: 'id' })
    there.bind('x', 'late')
    const { message } = there.take('late')
    expect([message.address.exchange, message.address.routingKey]).toEqual(['x', 'key'])
    expect(message.properties.text('message_id')).toBe('id')
  })

  test('stores persistent ones for a durable queue', () => {
    const store = new JournalStore()
    const there = host({}, store)
    there.publish('x', '', 'kept', { deliveryMode: 2 })
    expect(store.take()).toEqual([])
    there.bind('x', 'late')
    expect(store.take()).toEqual(['append 1 kept in late'])
  })

  test('obeys the limits of the queue', () => {
    const there = host()
    publish(there, 5)
    there.queue('short', { 'x-max-length': 2 })
    there.bind('x', 'short')
    expect(there.drain('short')).toEqual(['4', '5'])
  })

  test.each<[Plain, string]>([
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    ['a', '<<"a">>'],
  ])('with length %j is refused', (length, shown) => {
    expect(refusalOf(() => host({ 'x-recent-history-length': length }))).toBe(
      `precondition-failed: Invalid argument ${shown}, 'x-recent-history-length' must be a positive integer`,
    )
  })
})
