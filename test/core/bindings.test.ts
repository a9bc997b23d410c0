import { describe, expect, test } from 'vitest'
import { EMPTY_TABLE, type FieldValue, longstr, type Table } from '../../src/common/table.ts'
import { refusalOf } from '../support/refusal-of.ts'
import { TestVhost } from '../support/test-vhost.ts'

const int = (value: number): FieldValue => ({ type: 'signedint', value })
const one: Table = new Map([
  ['a', int(1)],
  ['b', longstr('two')],
])
const sameInOtherOrder: Table = new Map([...one].reverse())

describe('the identity of a binding', () => {
  test('is the same for the same key and arguments, in any order', () => {
    const { host, count } = start()
    host.bindQueue('x', 'q', 'k', one)
    host.bindQueue('x', 'q', 'k', one)
    host.bindQueue('x', 'q', 'k', sameInOtherOrder)
    expect(count()).toBe(1)
    host.unbindQueue('x', 'q', 'k', sameInOtherOrder)
    expect(count()).toBe(0)
  })

  test('differs by key, by arguments and their types, by destination and its kind', () => {
    const { host, count } = start()
    host.exchange('q', 'fanout')
    host.queue('r')
    host.bindQueue('x', 'q', 'k')
    host.bindQueue('x', 'q', 'l')
    host.bindQueue('x', 'r', 'k')
    host.bindQueue('x', 'q', 'k', new Map([['a', int(1)]]))
    host.bindQueue('x', 'q', 'k', new Map([['a', { type: 'long', value: 1n }]]))
    host.bindQueue('x', 'q', 'k', new Map([['a', longstr('1')]]))
    host.bindExchange('x', 'q', 'k')
    expect(count()).toBe(7)
    host.unbindExchange('x', 'q', 'k')
    expect(count()).toBe(6)
    expect(host.vhost.queues.find('q')?.incoming.size).toBe(5)
  })

  test('is told apart from other splits of the same characters', () => {
    const { host, count } = start()
    host.queue('q","')
    host.bindQueue('x', 'q","', '')
    host.bindQueue('x', 'q', '","')
    expect(count()).toBe(2)
  })
})

test('what has no binding can be unbound, whichever end is missing', () => {
  const { host, count } = start()
  host.bindQueue('x', 'q', 'k')
  host.unbindQueue('x', 'q', 'other key')
  host.unbindQueue('x', 'q', 'k', one)
  host.unbindQueue('x', 'missing', 'k')
  host.unbindQueue('missing', 'q', 'k')
  host.unbindExchange('x', 'q', 'k')
  expect(count()).toBe(1)
})

test('a missing source is reported before a missing destination', () => {
  const { host } = start()
  expect(refusalOf(() => host.bindQueue('none', 'nowhere'))).toBe(
    "not-found: no exchange 'none' in vhost '/'",
  )
  expect(refusalOf(() => host.bindExchange('none', 'nowhere'))).toBe(
    "not-found: no exchange 'none' in vhost '/'",
  )
  expect(refusalOf(() => host.bindQueue('x', 'nowhere'))).toBe(
    "not-found: no queue 'nowhere' in vhost '/'",
  )
  expect(refusalOf(() => host.bindExchange('x', 'nowhere'))).toBe(
    "not-found: no exchange 'nowhere' in vhost '/'",
  )
})

describe("another connection's exclusive queue", () => {
  const LOCKED =
    "resource-locked: cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be " +
    'originally declared on another connection or the exclusive property value does not match that of the ' +
    'original declaration.'

  test('cannot be bound, nor unbound from what it is bound to', () => {
    const { host } = start()
    host.queue('mine', { exclusive: true })
    host.bindQueue('x', 'mine', 'k')
    const target = { kind: 'queue', name: 'mine' } as const
    const other = {}
    expect(refusalOf(() => host.vhost.bind('x', target, 'l', EMPTY_TABLE, other))).toBe(LOCKED)
    expect(refusalOf(() => host.vhost.unbind('x', target, 'k', EMPTY_TABLE, other))).toBe(LOCKED)
    expect(refusalOf(() => host.vhost.unbind('x', target, 'l', EMPTY_TABLE, other))).toBeNull()
  })

  test('cannot be used or deleted', () => {
    const { host } = start()
    host.queue('mine', { exclusive: true })
    expect(refusalOf(() => host.vhost.queues.get('mine', {}))).toBe(LOCKED)
    expect(refusalOf(() => host.vhost.deleteQueue('mine', false, false, {}))).toBe(LOCKED)
    expect(refusalOf(() => host.queue('mine', { exclusive: true }, {}))).toBe(LOCKED)
    expect(host.hasQueue('mine')).toBe(true)
  })
})

function start() {
  const host = new TestVhost()
  const exchange = host.exchange('x', 'direct')
  host.queue('q')
  return { host, count: () => exchange.bindings.size }
}
