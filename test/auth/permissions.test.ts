import { describe, expect, test } from 'vitest'
import { Permissions } from '../../src/auth/permissions.ts'

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
    ['^.$', ['a', '😀'], ['ab']],
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
