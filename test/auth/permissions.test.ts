import { describe, expect, test } from 'vitest'
import { Permissions, TopicPermissions } from '../../src/auth/permissions.ts'

describe('a pattern permits', () => {
  test.each([
    ['.*', ['', 'q', 'amq.direct'], []],
    ['', [], ['', 'q']],
    ['^$', [], ['', 'q', 'amq.default']],
    ['^q$', ['q'], ['', 'q1', 'aq']],
    ['ue', ['queue', 'my queue'], ['', 'QUEUE', 'u']],
    ['^amq\\.default$', [''], ['q', 'amqxdefault']],
    ['amq', [''], ['q']],
    ['^(amq\\.gen.*|amq\\.default)$', ['', 'amq.gen-x'], ['amq.direct', 'q']],
    ['^größe$', ['größe'], ['grosse']],
    ['^.$', ['a'], ['ab', '😀']], // as in RabbitMQ, which compares octets
    ['(?i)^QUEUE\\z', ['queue', 'Queue'], ['queues']],
  ])('%s', (pattern, permitted, refused) => {
    const permissions = new Permissions(pattern, pattern, pattern)
    const names = [...permitted, ...refused]
    for (const permission of ['configure', 'write', 'read'] as const) {
      expect(names.filter((name) => permissions.permits(permission, name))).toEqual(permitted)
    }
  })
})

test('each permission has its own pattern', () => {
  const permissions = new Permissions('^c', '^w', '^r')
  const permitted = (name: string) =>
    (['configure', 'write', 'read'] as const).filter((one) => permissions.permits(one, name))
  expect(permitted('c1')).toEqual(['configure'])
  expect(permitted('w1')).toEqual(['write'])
  expect(permitted('r1')).toEqual(['read'])
})

test('the answer is the same however often it is asked for', () => {
  const permissions = new Permissions('q', '', '')
  for (let i = 0; i < 4; i++) expect(permissions.permits('configure', 'q')).toBe(true)
})

test('a pattern that is no regular expression is refused', () => {
  expect(() => new Permissions('(', '', '')).toThrow(SyntaxError)
})

describe('topic permissions', () => {
  test('are of a user and a vhost, whose names mean nothing else in a pattern', () => {
    const permissions = new TopicPermissions('^{username}\\.{vhost}\\.', '^news\\.')
    const permits = (key: string) => permissions.permits('write', key, 'a.b', '/v+')
    expect(permits('a.b./v+.x')).toBe(true)
    expect(permits('axb./v+.x')).toBe(false)
    expect(permits('a.b./vv.x')).toBe(false)
    expect(permissions.permits('read', 'news.x', 'a.b', '/v+')).toBe(true)
    expect(permissions.permits('read', 'a.b./v+.x', 'a.b', '/v+')).toBe(false)
  })

  test('that are empty permit nothing', () => {
    const permissions = new TopicPermissions('', '')
    expect(permissions.permits('write', '', 'u', 'v')).toBe(false)
  })

  test('that are no regular expression are refused', () => {
    expect(() => new TopicPermissions('', '(')).toThrow(SyntaxError)
  })
})
