import { describe, expect, test } from 'vitest'
import { BrokerError, type BrokerOptions, createBroker } from '../../src/index.ts'

/** `started`, or the error that kept the broker from it. */
async function outcomeOf(options: BrokerOptions): Promise<'started' | BrokerError> {
  try {
    const broker = await createBroker(options)
    await broker.close()
    return 'started'
  } catch (error) {
    if (error instanceof BrokerError) return error
    throw error
  }
}

/** As it comes from JavaScript or a file, where no compiler looks. */
function unchecked(json: string): BrokerOptions {
  return JSON.parse(json)
}

const NUMBERS: readonly [string, number, number, (value: number) => BrokerOptions][] = [
  ['frameMax', 8192, 16_777_216, (frameMax) => ({ frameMax })],
  ['channelMax', 1, 65_535, (channelMax) => ({ channelMax })],
  ['heartbeatSeconds', 0, 65_535, (heartbeatSeconds) => ({ heartbeatSeconds })],
  ['maxMessageSize', 1, 536_870_912, (maxMessageSize) => ({ maxMessageSize })],
  ['handshakeTimeoutMs', 1, 3_600_000, (handshakeTimeoutMs) => ({ handshakeTimeoutMs })],
]

describe.each(NUMBERS)('%s', (name, min, max, withValue) => {
  test.each([min, max])('may be %i', async (value) => {
    expect(await outcomeOf(withValue(value))).toBe('started')
  })

  test.each([min - 1, max + 1, -1e9, min + 0.5, Number.NaN, Infinity])(
    'may not be %d',
    async (value) => {
      expect(await outcomeOf(withValue(value))).toMatchObject({
        name: 'BrokerError',
        code: 'INVALID_OPTION',
        message: `${name} is ${value}; it must be a whole number from ${min} to ${max}`,
      })
    },
  )
})

describe('amqp.port', () => {
  test('may be 0', async () => {
    expect(await outcomeOf({ amqp: { port: 0 } })).toBe('started')
  })

  test('may be 65535, though it may be in use', async () => {
    const outcome = await outcomeOf({ amqp: { port: 65_535 } })
    expect(outcome === 'started' ? outcome : outcome.code).toMatch(/^(started|PORT_IN_USE)$/)
  })

  test.each([-1, 65_536, 0.5, Number.NaN])('may not be %d', async (port) => {
    expect(await outcomeOf({ amqp: { port } })).toMatchObject({
      code: 'INVALID_OPTION',
      message: `amqp.port is ${port}; it must be a whole number from 0 to 65535`,
    })
  })
})

test.each([[[]], [''], [['127.0.0.1', '']]])('amqp.host may not be %j', async (host) => {
  expect(await outcomeOf({ amqp: { host } })).toMatchObject({
    code: 'INVALID_OPTION',
    message: 'amqp.host names no address',
  })
})

test.each(['3.13', '4.2', '4.3'] as const)('compat may be %s', async (compat) => {
  expect(await outcomeOf({ compat })).toBe('started')
})

test.each(['5.0', '', 'toString', 4])('compat may not be %j', async (compat) => {
  expect(await outcomeOf(unchecked(JSON.stringify({ compat })))).toMatchObject({
    code: 'INVALID_OPTION',
    message: `compat is ${compat}; it must be one of 3.13, 4.2, 4.3`,
  })
})

test.each(['5672', true, null])('a number may not be %j', async (port) => {
  expect(await outcomeOf(unchecked(JSON.stringify({ amqp: { port } })))).toMatchObject({
    code: 'INVALID_OPTION',
  })
})
