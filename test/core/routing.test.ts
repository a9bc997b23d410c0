import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE, longstr, type Table } from '../../src/common/table.ts'
import { TestVhost } from '../support/test-vhost.ts'

describe('the default exchange', () => {
  test('leads to the queue of the name', () => {
    const host = new TestVhost()
    host.queue('q')
    expect(host.route('', 'q')).toEqual(['q'])
    expect(host.route('', 'other')).toEqual([])
  })

  test('leads to queues named by CC and BCC too, each once', () => {
    const host = new TestVhost()
    for (const name of ['a', 'b', 'c']) host.queue(name)
    expect(host.route('', 'a', { extraRoutingKeys: ['c', 'a', 'missing'] })).toEqual(['a', 'c'])
  })
})

describe('a message goes to each queue once', () => {
  test('however many bindings lead there', () => {
    const host = new TestVhost()
    host.exchange('x', 'topic')
    host.queue('q')
    for (const key of ['a.*', '*.b', '#', 'a.b']) host.bindQueue('x', 'q', key)
    expect(host.route('x', 'a.b')).toEqual(['q'])
  })

  test('however many ways lead there', () => {
    const host = new TestVhost()
    for (const name of ['start', 'left', 'right']) host.exchange(name, 'fanout')
    host.queue('q')
    host.bindExchange('start', 'left')
    host.bindExchange('start', 'right')
    for (const name of ['start', 'left', 'right']) host.bindQueue(name, 'q')
    expect(host.route('start', '')).toEqual(['q'])
  })

  test('with several keys of one binding key', () => {
    const host = new TestVhost()
    host.exchange('x', 'direct')
    host.queue('q')
    host.queue('r')
    host.bindQueue('x', 'q', 'one')
    host.bindQueue('x', 'q', 'two')
    host.bindQueue('x', 'r', 'three')
    expect(host.route('x', 'one', { extraRoutingKeys: ['two', 'three'] })).toEqual(['q', 'r'])
  })
})

describe('bindings between exchanges', () => {
  test('may be a cycle, and end', () => {
    const host = new TestVhost()
    for (const name of ['a', 'b', 'c']) {
      host.exchange(name, 'fanout')
      host.queue(`q${name}`)
      host.bindQueue(name, `q${name}`)
    }
    host.bindExchange('a', 'b')
    host.bindExchange('b', 'c')
    host.bindExchange('c', 'a')
    host.bindExchange('b', 'b')
    expect(host.route('b', '')).toEqual(['qa', 'qb', 'qc'])
  })

  test('each use the rule of their own source', () => {
    const host = new TestVhost()
    host.exchange('x', 'direct')
    host.exchange('y', 'topic')
    host.queue('q')
    host.bindExchange('x', 'y', 'a.b')
    host.bindQueue('y', 'q', 'a.*')
    expect(host.route('x', 'a.b')).toEqual(['q'])
    expect(host.route('x', 'a.c')).toEqual([])
    expect(host.route('y', 'a.c')).toEqual(['q'])
  })
})

describe('an alternate exchange', () => {
  test('gets what the exchange has no destination for', () => {
    const host = new TestVhost()
    host.exchange('x', 'direct', { arguments: alternate('ae') })
    host.exchange('ae', 'fanout')
    host.queue('q')
    host.queue('rest')
    host.bindQueue('x', 'q', 'known')
    host.bindQueue('ae', 'rest')
    expect(host.route('x', 'known')).toEqual(['q'])
    expect(host.route('x', 'unknown')).toEqual(['rest'])
  })

  test('may have one itself, and the chain may be a cycle', () => {
    const host = new TestVhost()
    host.exchange('a', 'direct', { arguments: alternate('b') })
    host.exchange('b', 'direct', { arguments: alternate('c') })
    host.exchange('c', 'direct', { arguments: alternate('a') })
    host.queue('q')
    expect(host.route('a', 'k')).toEqual([])
    host.bindQueue('c', 'q', 'k')
    expect(host.route('a', 'k')).toEqual(['q'])
  })

  test('that is missing gets nothing, until it is declared', () => {
    const host = new TestVhost()
    host.exchange('x', 'direct', { arguments: alternate('ae') })
    expect(host.route('x', 'k')).toEqual([])
    host.exchange('ae', 'fanout')
    host.queue('q')
    host.bindQueue('ae', 'q')
    expect(host.route('x', 'k')).toEqual(['q'])
    host.vhost.deleteExchange('ae', false)
    expect(host.route('x', 'k')).toEqual([])
  })

  test('gets nothing when a bound exchange leads nowhere', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout', { arguments: alternate('ae') })
    host.exchange('dead-end', 'fanout')
    host.exchange('ae', 'fanout')
    host.queue('q')
    host.bindExchange('x', 'dead-end')
    host.bindQueue('ae', 'q')
    expect(host.route('x', 'k')).toEqual([])
  })

  test('of an exchange on the way is asked too', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout')
    host.exchange('y', 'direct', { arguments: alternate('ae') })
    host.exchange('ae', 'fanout')
    for (const name of ['q', 'rest']) host.queue(name)
    host.bindExchange('x', 'y')
    host.bindQueue('x', 'q')
    host.bindQueue('ae', 'rest')
    expect(host.route('x', 'k')).toEqual(['q', 'rest'])
  })

  test('is not asked when the only destination was found before', () => {
    const host = new TestVhost()
    host.exchange('x', 'fanout')
    host.exchange('y', 'fanout', { arguments: alternate('ae') })
    host.exchange('ae', 'fanout')
    for (const name of ['q', 'rest']) host.queue(name)
    host.bindQueue('x', 'q')
    host.bindExchange('x', 'y')
    host.bindQueue('y', 'q')
    host.bindQueue('ae', 'rest')
    expect(host.route('x', 'k')).toEqual(['q'])
  })

  test('may be the default exchange', () => {
    const host = new TestVhost()
    host.exchange('x', 'direct', { arguments: alternate('') })
    host.queue('q')
    expect(host.route('x', 'q')).toEqual(['q'])
  })
})

function alternate(name: string): Table {
  return new Map([...EMPTY_TABLE, ['alternate-exchange', longstr(name)]])
}
