import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { JournalStore } from '../../support/journal-store.ts'
import { type Plain, tableOf } from '../../support/tables.ts'

function hostWith(args: Readonly<Record<string, Plain>> = {}): CoreHost {
  const host = new CoreHost()
  host.queue('q', { 'x-message-deduplication': true, ...args })
  return host
}

function publish(host: CoreHost, key: Plain, body = 'm'): void {
  host.publish('', 'q', body, { headers: tableOf({ 'x-deduplication-header': key }) })
}

describe('a queue with x-message-deduplication', () => {
  test('takes a key once while a message with it is there', () => {
    const host = hostWith()
    for (const key of ['a', 'b', 'a', 'b', 'c']) publish(host, key, key)
    expect(host.drain('q')).toEqual(['a', 'b', 'c'])
  })

  test('takes every message without a key', () => {
    const host = hostWith()
    host.send('q', ['1', '1', '1'])
    expect(host.drain('q')).toEqual(['1', '1', '1'])
  })

  test('tells keys of different types apart', () => {
    const host = hostWith()
    for (const key of [1, '1', true, 'true', 1]) publish(host, key)
    expect(host.find('q').readyCount).toBe(4)
  })

  test.each<[string, (host: CoreHost) => void]>([
    ['acknowledged', (host) => host.find('q').settle(host.take('q'))],
    ['delivered without acknowledgement', (host) => host.find('q').get(true)],
    ['rejected', (host) => host.find('q').reject(host.take('q'), 'reject')],
    ['purged', (host) => host.find('q').purge()],
  ])('takes the key again when the message has been %s', (_how, remove) => {
    const host = hostWith()
    publish(host, 'a')
    remove(host)
    publish(host, 'a')
    expect(host.find('q').readyCount).toBe(1)
  })

  test('takes the key again when the message has expired', () => {
    const host = hostWith({ 'x-message-ttl': 10 })
    publish(host, 'a')
    host.advance(10)
    publish(host, 'a')
    expect(host.find('q').readyCount).toBe(1)
  })

  test('takes the key again when the message has been displaced', () => {
    const host = hostWith({ 'x-max-length': 1 })
    for (const key of ['a', 'b', 'a']) publish(host, key, key)
    expect(host.drain('q')).toEqual(['a'])
  })

  test('does not take the key while the message is unacked or back', () => {
    const host = hostWith()
    publish(host, 'a')
    const entry = host.take('q')
    publish(host, 'a')
    expect(host.find('q').readyCount).toBe(0)
    entry.queue.requeue([entry], 'nack')
    publish(host, 'a')
    expect(host.find('q').readyCount).toBe(1)
  })

  test('settles in the store what it drops', () => {
    const store = new JournalStore()
    const host = new CoreHost('4.2', store)
    host.queue('q', { 'x-message-deduplication': true })
    const headers = tableOf({ 'x-deduplication-header': 'a' })
    for (const body of ['1', '2']) host.publish('', 'q', body, { headers, deliveryMode: 2 })
    expect(store.take()).toEqual(['append 1 1 in q', 'append 2 2 in q', 'settle 2 in q'])
  })

  test('drops what no consumer may get twice, with a consumer that is idle too', () => {
    const host = hostWith()
    const consumer = host.consumer('q')
    publish(host, 'a', '1')
    publish(host, 'a', '2')
    host.settle()
    expect(consumer.bodies).toEqual(['1'])
    consumer.ack()
    publish(host, 'a', '3')
    host.settle()
    expect(consumer.bodies).toEqual(['1', '3'])
  })
})

test.each([[false], ['false'], ['']])('x-message-deduplication %j asks for nothing', (value) => {
  const host = new CoreHost()
  host.queue('q', { 'x-message-deduplication': value })
  publish(host, 'a')
  publish(host, 'a')
  expect(host.find('q').readyCount).toBe(2)
})
