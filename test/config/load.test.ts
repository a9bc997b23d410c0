import { describe, expect, test } from 'vitest'
import { COMPATS } from '../../src/common/compat.ts'
import type { Config } from '../../src/config/config.ts'
import { ConfigError, loadConfig } from '../../src/config/load.ts'
import { defaultText } from '../../src/config/option.ts'
import { OPTIONS } from '../../src/config/options.ts'

const load = (args: string[], env: Record<string, string> = {}): Config =>
  loadConfig({ args, env }).config

function problemsOf(args: string[], env: Record<string, string> = {}): readonly string[] {
  try {
    load(args, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error(`${args.join(' ')} was accepted`)
}

describe('where a value comes from', () => {
  test('without flags and variables every option has its default', () => {
    const defaults = Object.entries(OPTIONS).map(([name, option]) => [name, option.default])
    expect(load([])).toEqual(Object.fromEntries(defaults))
  })

  test('the settings are frozen', () => {
    expect(Object.isFrozen(load([]))).toBe(true)
  })

  test('a variable wins over the default, a flag over the variable', () => {
    expect(load([], { RABBITMQ_NODE_PORT: '5673' }).port).toBe(5673)
    expect(load(['--port', '5674'], { RABBITMQ_NODE_PORT: '5673' }).port).toBe(5674)
  })

  test('an empty variable counts as unset', () => {
    expect(load([], { RABBITMQ_NODE_PORT: '' }).port).toBe(5672)
  })

  test('of a flag given twice the last counts', () => {
    expect(load(['--port', '1', '--port=2']).port).toBe(2)
  })

  test.each(Object.values(OPTIONS))('--$flag reads its default from text', (option) => {
    if (option.defaultText !== undefined) return expect(option.default ?? null).toBeNull()
    const text = defaultText(option)
    expect(option.type.parse(text)).toEqual(option.default)
    expect(load([`--${option.flag}=${text}`])).toEqual(load([]))
    expect(load([], { [option.env]: text })).toEqual(load([]))
  })
})

describe('how a flag is written', () => {
  test('value after a space or an equals sign', () => {
    expect(load(['--host', 'localhost', '--log-level=warn'])).toMatchObject({
      host: ['localhost'],
      logLevel: 'warn',
    })
  })

  test('several addresses are separated by commas', () => {
    expect(load(['--host', '127.0.0.1, ::1']).host).toEqual(['127.0.0.1', '::1'])
  })

  test('none is the empty list of loopback users', () => {
    expect(load(['--loopback-users', 'none']).loopbackUsers).toEqual([])
    expect(load(['--loopback-users', 'guest,admin']).loopbackUsers).toEqual(['guest', 'admin'])
  })

  test('none is no data directory, ./none is one', () => {
    expect(load(['--data-dir', 'none']).dataDir).toBeUndefined()
    expect(load(['--data-dir', './none']).dataDir).toBe('./none')
    expect(load([], { LEVERET_DATA_DIR: '/var/lib/leveret' }).dataDir).toBe('/var/lib/leveret')
  })
})

describe('bounds', () => {
  test.each([
    ['port', 0, 65535],
    ['heartbeat', 0, 65535],
    ['handshake-timeout', 1, 3_600_000],
    ['frame-max', 8192, 16_777_216],
    ['channel-max', 1, 65535],
    ['max-message-size', 1, 536_870_912],
  ])('--%s accepts %i to %i and nothing beyond', (flag, min, max) => {
    const key = Object.values(OPTIONS).find((option) => option.flag === flag)
    expect(key?.type.parse(String(min))).toBe(min)
    expect(key?.type.parse(String(max))).toBe(max)
    for (const value of [min - 1, max + 1]) {
      expect(problemsOf([`--${flag}`, String(value)])).toEqual([
        `--${flag} must be an integer from ${min} to ${max}, not '${value}'`,
      ])
    }
  })

  test.each(['abc', '5672x', '0x10', '1e3', '5.5', ' 5', '5 ', '+5', '١', '99999999999999999999'])(
    "the port '%s' is refused",
    (text) => {
      expect(problemsOf([`--port=${text}`])).toEqual([
        `--port must be an integer from 0 to 65535, not '${text}'`,
      ])
    },
  )

  test('a word that is no choice is refused with the choices', () => {
    expect(load(['--compat', '3.13']).compat).toBe('3.13')
    expect(problemsOf(['--compat', '3.12'])).toEqual([
      "--compat must be one of 3.13, 4.2, 4.3, not '3.12'",
    ])
  })

  test('a list with an empty name is refused', () => {
    expect(problemsOf(['--host', '::1,'])).toEqual([
      "--host must be names separated by commas, not '::1,'",
    ])
  })
})

describe('what is wrong with a command line', () => {
  test.each([
    [['--prot', '5672'], ['unknown flag --prot, did you mean --port?']],
    [['--pot=1'], ['unknown flag --pot, did you mean --port?']],
    [['--logLevel', 'info'], ['unknown flag --logLevel, did you mean --log-level?']],
    [['-port', '1'], ['unknown flag -port, did you mean --port?']],
    [['--colour'], ['unknown flag --colour']],
    [['-x'], ['unknown flag -x']],
    [['--'], ['unknown flag --']],
    [['--port'], ['--port needs a value']],
    [['--port='], ['--port needs a value']],
    [['--port', '--host', '::1'], ['--port needs a value']],
    [['extra'], ["unexpected argument 'extra'"]],
  ])('%j', (args, problems) => {
    expect(problemsOf(args)).toEqual(problems)
  })

  test('every problem is told, each by the name it came under', () => {
    expect(problemsOf(['--frmae-max=1', '--port', 'x'], { LEVERET_COMPAT: '5' })).toEqual([
      'unknown flag --frmae-max, did you mean --frame-max?',
      "--port must be an integer from 0 to 65535, not 'x'",
      "LEVERET_COMPAT must be one of 3.13, 4.2, 4.3, not '5'",
    ])
  })

  test('a wrong variable is no problem where a flag overrides it', () => {
    expect(load(['--port', '1'], { RABBITMQ_NODE_PORT: 'x' }).port).toBe(1)
  })
})

describe('the table', () => {
  const options = Object.values(OPTIONS)

  test('no flag and no variable is used twice', () => {
    expect(new Set(options.map((option) => option.flag)).size).toBe(options.length)
    expect(new Set(options.map((option) => option.env)).size).toBe(options.length)
  })

  test('every version of RabbitMQ that there is can be chosen', () => {
    expect(OPTIONS.compat.type.words).toEqual(Object.keys(COMPATS))
  })

  test.each(options)('--$flag has a name and a help text of the common form', (option) => {
    expect(option.flag).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(option.env).toMatch(/^(RABBITMQ|LEVERET)_[A-Z]+(_[A-Z]+)*$/)
    for (const key of option.conf) expect(key).toMatch(/^[a-z]+[a-z_.]*(\.\$[a-z]+(\.[a-z_]+)?)?$/)
    expect(option.help).toMatch(/^[A-Z].*[^.]$/)
  })
})
