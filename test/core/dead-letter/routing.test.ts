import { describe, expect, test } from 'vitest'
import { textOf } from '../../../src/common/table.ts'
import { Message } from '../../../src/core/message.ts'
import { EncodedAddress } from '../../../src/protocol/address.ts'
import { CoreHost, newPublished } from '../../support/core-host.ts'
import type { Plain } from '../../support/tables.ts'

/** A queue `work` with these arguments, and queues that show which keys arrive at the direct exchange `dlx`. */
function host(args: Readonly<Record<string, Plain>>): CoreHost {
  const host = new CoreHost()
  host.exchange('dlx', 'direct')
  for (const key of ['key', 'cc', 'bcc', 'dead']) {
    host.queue(`by ${key}`)
    host.bind('dlx', `by ${key}`, key)
  }
  host.exchange('entry', 'fanout')
  host.queue('work', { 'x-dead-letter-exchange': 'dlx', ...args })
  host.bind('entry', 'work')
  return host
}

function rejectOne(host: CoreHost): void {
  host.find('work').reject(host.take('work'), 'reject')
}

function reached(host: CoreHost): readonly string[] {
  return ['key', 'cc', 'bcc', 'dead'].filter((key) => host.find(`by ${key}`).readyCount > 0)
}

const COPIES = { cc: ['cc'], bcc: ['bcc'] }

describe('a dead letter is routed', () => {
  test('by the key it was published with', () => {
    const there = host({})
    there.publish('entry', 'key')
    rejectOne(there)
    expect(reached(there)).toEqual(['key'])
  })

  test('with that key as it was, if it is no text as well', () => {
    const there = host({ 'x-dead-letter-exchange': 'amq.fanout' })
    there.bind('amq.fanout', 'by dead')
    const text = newPublished('entry', '', 'm', {})
    const key = Buffer.from([3, 0xff, 0xfe, 0x41])
    const encoded = Buffer.concat([Buffer.from('\x05entry'), key])
    const address = new EncodedAddress('entry', key.toString('utf8', 1), encoded)
    const message = new Message(address, text.properties, text, null, null)
    there.vhost.enqueue(message, there.vhost.route(there.vhost.exchanges.get('entry'), message))
    rejectOne(there)
    const dead = there.take('by dead').message.address
    expect([dead.exchange, dead.routingKey]).toEqual(['amq.fanout', address.routingKey])
    expect(dead.encoded).toEqual(Buffer.concat([Buffer.from('\x0aamq.fanout'), key]))
  })

  test('by the keys of CC and BCC too', () => {
    const there = host({})
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    expect(reached(there)).toEqual(['key', 'cc', 'bcc'])
  })

  test('by x-dead-letter-routing-key alone, if there is one', () => {
    const there = host({ 'x-dead-letter-routing-key': 'dead' })
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    expect(reached(there)).toEqual(['dead'])
  })

  test('by an empty x-dead-letter-routing-key, which is one', () => {
    const there = host({ 'x-dead-letter-routing-key': '' })
    there.queue('by nothing')
    there.bind('dlx', 'by nothing', '')
    there.publish('entry', 'key')
    rejectOne(there)
    expect(reached(there)).toEqual([])
    expect(there.find('by nothing').readyCount).toBe(1)
  })

  test('once to a queue that several of its keys lead to', () => {
    const there = host({})
    there.bind('dlx', 'by key', 'cc')
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    expect(there.find('by key').readyCount).toBe(1)
  })

  test('by the keys it was dead-lettered with, the next time', () => {
    const there = host({ 'x-dead-letter-routing-key': 'dead' })
    there.vhost.deleteQueue('by dead', false, false, there.user)
    there.queue('by dead', { 'x-dead-letter-exchange': 'dlx' })
    there.bind('dlx', 'by dead', 'dead')
    there.queue('second')
    there.bind('dlx', 'second', 'dead')
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    there.drain('second')
    there.find('by dead').reject(there.take('by dead'), 'reject')
    expect(there.find('second').readyCount).toBe(1)
    expect(reached(there)).toEqual(['dead']) // a reject lets it come back
  })

  test('through bindings between exchanges and an alternate exchange', () => {
    const there = new CoreHost()
    there.exchange('other', 'fanout')
    there.exchange('dlx', 'direct', { 'alternate-exchange': 'other' })
    there.queue('last')
    there.bind('other', 'last')
    there.queue('work', { 'x-dead-letter-exchange': 'dlx' })
    there.publish('', 'work', 'm')
    rejectOne(there)
    expect(there.drain('last')).toEqual(['m'])
  })

  test('through an internal exchange', () => {
    const there = new CoreHost()
    there.queue('trace')
    there.bind('amq.rabbitmq.trace', 'trace', '#')
    there.queue('work', { 'x-dead-letter-exchange': 'amq.rabbitmq.trace' })
    there.publish('', 'work', 'm')
    rejectOne(there)
    expect(there.drain('trace')).toEqual(['m'])
  })
})

describe('what the next consumer sees', () => {
  test('is the dead-letter exchange and the key it was routed by', () => {
    const there = host({ 'x-dead-letter-routing-key': 'dead' })
    there.publish('entry', 'key')
    rejectOne(there)
    const { exchange, routingKey } = there.take('by dead').message.address
    expect([exchange, routingKey]).toEqual(['dlx', 'dead'])
  })

  test('is the first of the old keys, though another led there', () => {
    const there = host({})
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    expect(there.take('by cc').message.address.routingKey).toBe('key')
    expect(there.take('by bcc').message.address.routingKey).toBe('key')
  })

  test('are CC but not BCC among the routing keys of the death', () => {
    const there = host({})
    there.publish('entry', 'key', '', COPIES)
    rejectOne(there)
    const deaths = there.take('by key').message.headers.get('x-death')
    const death = deaths?.type === 'array' ? deaths.value[0] : undefined
    const keys = death?.type === 'table' ? death.value.get('routing-keys') : undefined
    expect(keys?.type === 'array' ? keys.value.map(textOf) : null).toEqual(['key', 'cc'])
  })

  test('is the CC header, whatever routed the message', () => {
    for (const args of [{}, { 'x-dead-letter-routing-key': 'key' }]) {
      const there = host(args)
      there.publish('entry', 'key', '', COPIES)
      rejectOne(there)
      expect(there.take('by key').message.headers.has('CC')).toBe(true)
    }
  })

  test('is the body, byte for byte', () => {
    const there = host({})
    there.publish('entry', 'key', 'größe')
    rejectOne(there)
    expect(there.drain('by key')).toEqual(['größe'])
  })
})

describe('a dead letter is dropped', () => {
  test('when its exchange does not exist, and arrives once it does', () => {
    const there = host({ 'x-dead-letter-exchange': 'later' })
    there.publish('entry', 'key', 'lost')
    rejectOne(there)
    there.exchange('later', 'fanout')
    there.bind('later', 'by key')
    there.publish('entry', 'key', 'found')
    rejectOne(there)
    expect(there.drain('by key')).toEqual(['found'])
  })

  test('when no binding matches', () => {
    const there = host({})
    there.publish('entry', 'nobody')
    rejectOne(there)
    expect(reached(there)).toEqual([])
    expect(there.find('work').unackedCount).toBe(0)
  })

  test('when its exchange has been deleted', () => {
    const there = host({})
    there.publish('entry', 'key')
    there.vhost.deleteExchange('dlx', false)
    rejectOne(there)
    expect(reached(there)).toEqual([])
  })
})

describe('a queue without a dead-letter exchange', () => {
  test('drops what it gives up', () => {
    const there = new CoreHost()
    there.queue('work')
    there.publish('', 'work')
    rejectOne(there)
    const work = there.find('work')
    expect([work.readyCount, work.unackedCount]).toEqual([0, 0])
  })
})
