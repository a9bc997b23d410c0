import { describe, expect, test } from 'vitest'
import { readConfFile } from '../../src/config/conf-file.ts'

function pairs(text: string): readonly (readonly [string, string])[] {
  const { entries, problems } = readConfFile(text, 'f')
  expect(problems).toEqual([])
  return entries.map(({ key, value }) => [key, value])
}

describe('a configuration file', () => {
  test.each<[string, [string, string][]]>([
    ['heartbeat = 30', [['heartbeat', '30']]],
    ['  heartbeat=30\t', [['heartbeat', '30']]],
    ['a.b-c_d.1 = x y', [['a.b-c_d.1', 'x y']]],
    ['# all of it\n\n \t\nkey = v # and behind', [['key', 'v']]],
    ['key = v#without a blank', [['key', 'v']]],
    ["default_pass = 'p#1 $=' # quoted", [['default_pass', 'p#1 $=']]],
    ["motto = it's", [['motto', "it's"]]],
    ["empty = ''", [['empty', '']]],
    ['loopback_users.a\\.b = true', [['loopback_users.a.b', 'true']]],
    ['uri = amqp://h?a=b', [['uri', 'amqp://h?a=b']]],
    [
      'a = 1\r\nb = 2\r\n',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
  ])('with %j', (text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  test('tells where every entry stands', () => {
    const { entries } = readConfFile('# one\na = 1\n\nb = 2', '/etc/rabbitmq/rabbitmq.conf')
    expect(entries.map(({ place }) => place)).toEqual([
      '/etc/rabbitmq/rabbitmq.conf:2',
      '/etc/rabbitmq/rabbitmq.conf:4',
    ])
  })

  test.each(['[{rabbit, []}].', 'heartbeat', 'heartbeat =', '= 5', 'a b = 1', "k = 'v' w"])(
    'does not take %j',
    (line) => {
      expect(readConfFile(`ok = 1\n${line}`, 'f').problems).toEqual([
        'f:2: cannot be read as key = value',
      ])
    },
  )
})
