import { describe, expect, onTestFinished, test } from 'vitest'
import { brokerOptions } from '../../src/cli/broker-options.ts'
import { SILENT } from '../../src/common/log.ts'
import { loadConfig } from '../../src/config/load.ts'
import { type BrokerOptions, createBroker } from '../../src/index.ts'

function optionsFor(...args: string[]): BrokerOptions {
  const { config } = loadConfig({
    args: [
      '--host=127.0.0.1',
      '--port=0',
      '--management-port=none',
      '--prometheus-port=none',
      '--data-dir=none',
      ...args,
    ],
    env: {},
  })
  return brokerOptions(config, SILENT)
}

test('settings reach the library under its names', () => {
  const args = ['--compat=3.13', '--max-message-size=5', '--loopback-users=none', '--heartbeat=7']
  expect(optionsFor(...args)).toEqual({
    amqp: { host: ['127.0.0.1'], port: 0 },
    defaults: {
      user: 'guest',
      password: 'guest',
      vhost: '/',
      tags: ['administrator'],
      permissions: { configure: '.*', write: '.*', read: '.*' },
    },
    vhostDefaults: { limits: [], operatorPolicies: [], users: [] },
    compat: '3.13',
    heartbeatSeconds: 7,
    handshakeTimeoutMs: 10_000,
    frameMax: 131_072,
    channelMax: 2047,
    maxMessageSize: 5,
    memoryLimit: { ofMemory: 0.6 },
    diskFreeLimit: 50_000_000,
    consumerTimeoutMs: 1_800_000,
    defaultQueueType: 'classic',
    limits: {
      maxConnections: null,
      maxChannels: null,
      maxConsumersPerChannel: null,
      maxQueues: null,
      maxExchanges: null,
    },
    loopbackUsers: [],
    authMechanisms: ['PLAIN', 'AMQPLAIN', 'EXTERNAL'],
    anonymousLogin: { user: 'guest', password: 'guest' },
    logger: SILENT,
  })
})

test('a data directory is handed on as it is given, none not at all', () => {
  expect(optionsFor('--data-dir=some/dir').dataDir).toBe('some/dir')
  expect(optionsFor()).not.toHaveProperty('dataDir')
})

test('several listeners, and TLS, reach the library with their files', () => {
  const { amqp, amqps } = optionsFor(
    '--listen=127.0.0.2:5673,5674',
    '--tls-listen=5671',
    '--tls-cert=c.pem',
    '--tls-key=k.pem',
    '--tls-ca=a.pem',
    '--tls-verify=verify_peer',
    '--cert-login-from=common_name',
  )
  const host = ['127.0.0.1']
  expect(amqp).toEqual({ host, port: 0 }) // a host and a port that are given win
  expect(amqps).toEqual({
    host,
    listeners: [{ port: 5671 }],
    cert: 'c.pem',
    key: 'k.pem',
    ca: 'a.pem',
    verifiesPeer: true,
    requiresCert: false,
    versions: ['tlsv1.3', 'tlsv1.2'],
    ciphers: [],
    depth: 1,
    loginFrom: { field: 'common_name', sanType: 'dns', sanIndex: 0 },
  })
  const { config } = loadConfig({ args: ['--listen=127.0.0.2:5673,[::1]:5674'], env: {} })
  expect(brokerOptions(config, SILENT).amqp).toEqual({
    host: ['::'],
    listeners: [
      { host: '127.0.0.2', port: 5673 },
      { host: '::1', port: 5674 },
    ],
  })
})

test('limits of memory are bytes or a part of what there is, those of the disk too', () => {
  for (const half of ['0.5', '50%']) {
    expect(optionsFor(`--memory-limit=${half}`).memoryLimit).toEqual({ ofMemory: 0.5 })
  }
  expect(optionsFor('--memory-limit=2GB', '--disk-free-limit=1GiB')).toMatchObject({
    memoryLimit: 2_000_000_000,
    diskFreeLimit: 1_073_741_824,
  })
  const none = optionsFor('--memory-limit=none', '--disk-free-limit=none')
  expect(none).not.toHaveProperty('memoryLimit')
  expect(none).not.toHaveProperty('diskFreeLimit')
})

test('a message size that is not set is left to the version', () => {
  expect(optionsFor()).not.toHaveProperty('maxMessageSize')
})

describe('the library has the bounds of the command', () => {
  test.each([
    ['heartbeat', 'heartbeatSeconds', 0, 65535],
    ['handshake-timeout', 'handshakeTimeoutMs', 1, 3_600_000],
    ['frame-max', 'frameMax', 8192, 16_777_216],
    ['channel-max', 'channelMax', 1, 65535],
    ['max-message-size', 'maxMessageSize', 1, 536_870_912],
  ])('of --%s', async (flag, name, min, max) => {
    for (const value of [min, max]) {
      const broker = await createBroker(optionsFor(`--${flag}=${value}`))
      onTestFinished(() => broker.close())
      expect(broker.amqp.port).toBeGreaterThan(0)
    }
    for (const value of [min - 1, max + 1]) {
      const started = createBroker({ ...optionsFor(), [name]: value })
      await expect(started).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    }
  })
})
