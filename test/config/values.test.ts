import { describe, expect, test } from 'vitest'
import { readErlangArguments } from '../../src/config/erlang-arguments.ts'
import { INERT_KEYS, INERT_VARIABLES } from '../../src/config/inert.ts'
import { interpolate } from '../../src/config/interpolate.ts'
import { isPluginSupported, readPlugins } from '../../src/config/plugins.ts'
import { byteSize, informationUnits } from '../../src/config/sizes.ts'

test.each<[string, number | null]>([
  ['1000', 1000],
  ['10kB', 10_000],
  ['10KB', 10_000],
  ['10Mb', 10_000_000],
  ['2GB', 2_000_000_000],
  ['1TB', 1_000_000_000_000],
  ['10kiB', 10_240],
  ['10MiB', 10_485_760],
  ['10GiB', 10_737_418_240],
  ['10k', 10_240],
  ['10M', 10_485_760],
  ['0MB', 0],
  ['10 k', null],
  ['MB', null],
  ['1.5GB', null],
  ['-1', null],
  ['9999999PB', null],
])('a resource limit of %s is %j bytes', (text, bytes) => {
  expect(informationUnits('BYTES').parse(text)).toBe(bytes)
})

test.each<[string, number | null]>([
  ['131072', 131_072],
  ['128KB', 131_072],
  ['128kb', 131_072],
  ['1MB', 1_048_576],
  ['1MiB', 1_048_576],
  ['2GB', null],
  ['1TB', null],
  ['', null],
])('a frame size of %j is %j bytes', (text, bytes) => {
  expect(byteSize('BYTES', 0, 1_073_741_824).parse(text)).toBe(bytes)
})

describe('$(NAME) in a value', () => {
  const names = new Map([
    ['HOME', '/h'],
    ['path', '$(HOME)/x'],
    ['a', '$(b)'],
    ['b', '$(a)'],
  ])
  const lookup = (name: string) => names.get(name)

  test.each([
    ['$(HOME)', '/h'],
    ['$(path)/$(HOME)', '/h/x//h'],
    ['$HOME $() (HOME)', '$HOME $() (HOME)'],
  ])('%s is %s', (text, filled) => {
    expect(interpolate(text, lookup)).toEqual({ text: filled })
  })

  test.each([
    ['$(NOWHERE)', '$(NOWHERE) is no variable and no key'],
    ['$(a)', '$(a) stands for itself'],
  ])('%s cannot be filled in', (text, problem) => {
    expect(interpolate(text, lookup)).toEqual({ problem })
  })
})

test.each<[string, [string, string][]]>([
  ['', []],
  ['-rabbit consumer_timeout 5000', [['consumer_timeout', '5000']]],
  [
    '-rabbitmq_management load_definitions "/opt/definitions.json"',
    [['management.load_definitions', '/opt/definitions.json']],
  ],
  [
    '+P 65536 -rabbit heartbeat 10 channel_max 5 -kernel x 1 -rabbit default_user <<"app">>',
    [
      ['heartbeat', '10'],
      ['channel_max', '5'],
      ['default_user', 'app'],
    ],
  ],
  ['-rabbitmq_stream advertised_host localhost', [['stream.advertised_host', 'localhost']]],
  ['-rabbit log_levels [{connection,error}]', [['log.levels', '[{connection,error}]']]],
])('Erlang arguments %j', (text, expected) => {
  expect(readErlangArguments(text).map(({ key, value }) => [key, value])).toEqual(expected)
})

describe('a list of plug-ins', () => {
  test.each<[string, readonly string[] | null]>([
    ['[rabbitmq_management,rabbitmq_mqtt].\n', ['rabbitmq_management', 'rabbitmq_mqtt']],
    [
      "% mine\n[ rabbitmq_management ,\n 'rabbitmq_mqtt' ] .",
      ['rabbitmq_management', 'rabbitmq_mqtt'],
    ],
    ['[].', []],
    ['[rabbitmq_management]', null],
    ['rabbitmq_management.', null],
    ['', null],
  ])('%j', (text, names) => {
    expect(readPlugins(text)).toEqual(names)
  })

  test('has names that mean something here, and others', () => {
    expect(isPluginSupported('rabbitmq_consistent_hash_exchange')).toBe(true)
    expect(isPluginSupported('rabbitmq_mqtt')).toBe(false)
  })
})

test('settings without effect are told of once, with a reason that is no sentence', () => {
  for (const all of [INERT_KEYS, INERT_VARIABLES]) {
    const patterns = all.flatMap((inert) => inert.patterns)
    expect(new Set(patterns).size).toBe(patterns.length)
    for (const { reason } of all) expect(reason).toMatch(/^[a-z].*[^.]$/)
  }
})
