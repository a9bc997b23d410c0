import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'

const root = mkdtempSync(join(tmpdir(), 'leveret-vhost-defaults-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function loaded(text: string) {
  const path = join(root, 'rabbitmq.conf')
  writeFileSync(path, text)
  return loadConfig({ args: [], env: { RABBITMQ_CONFIG_FILE: path } })
}

const NONE = { limits: [], operatorPolicies: [], users: [] }

describe('what new vhosts begin with, in rabbitmq.conf', () => {
  test('is read key by key', () => {
    const { config, warnings } = loaded(`
      default_limits.vhosts.1.pattern = ^dev
      default_limits.vhosts.1.max_queues = 5
      default_limits.vhosts.2.max_connections = 100
      default_policies.operator.short.vhost_pattern = ^dev
      default_policies.operator.short.queue_pattern = ^tmp
      default_policies.operator.short.expires = 1h
      default_policies.operator.short.message_ttl = 1d12h
      default_policies.operator.short.max_length = 10
      default_policies.operator.short.max_length_bytes = 1MB
      default_policies.operator.short.delivery_limit = 3
      default_users.qa.user.vhost_pattern = qa
      default_users.qa.user.password = s3cret
      default_users.qa.user.tags = monitoring, qa
      default_users.qa.user.configure = ^$
      default_users.qa.user.write = .*
      default_users.qa.user.read = ^a
    `)
    expect(warnings).toEqual([])
    expect(config.vhostDefaults).toEqual({
      limits: [{ vhostPattern: '^dev', maxQueues: 5 }, { maxConnections: 100 }],
      operatorPolicies: [
        {
          name: 'short',
          vhostPattern: '^dev',
          queuePattern: '^tmp',
          definition: {
            expires: 3_600_000,
            'message-ttl': 129_600_000,
            'max-length': 10,
            'max-length-bytes': 1_000_000,
            'delivery-limit': 3,
          },
        },
      ],
      users: [
        {
          name: 'qa.user',
          vhostPattern: 'qa',
          password: 's3cret',
          tags: ['monitoring', 'qa'],
          configure: '^$',
          write: '.*',
          read: '^a',
        },
      ],
    })
  })

  test('has no effect where no policy of ours could do it, with a warning', () => {
    const { warnings } = loaded('default_policies.operator.p.classic_queues.ha_mode = all')
    expect(warnings).toEqual([expect.stringMatching(/ha_mode has no effect: it is not supported$/)])
  })

  test.each([
    ['default_limits.vhosts.1.max_queues = many', 'an integer from 0'],
    ['default_limits.vhosts.1.pattern = (', 'a regular expression'],
    ['default_users.u.read = [', 'a regular expression'],
    ['default_policies.operator.p.expires = soon', 'a time such as'],
    ['default_policies.operator.p.max_length_bytes = 1XB', 'a number of bytes'],
  ])('%s ends the start', (text, accepts) => {
    expect(() => loaded(text)).toThrow(`:1: ${text.split(' ')[0]} must be ${accepts}`)
  })
})

test('the same may be said by a flag or a variable', () => {
  const text = 'default_limits.vhosts.1.max_queues = 5; default_users.u.password = p'
  const expected = { ...NONE, limits: [{ maxQueues: 5 }], users: [{ name: 'u', password: 'p' }] }
  const { config } = loadConfig({ args: [`--vhost-defaults=${text}`], env: {} })
  expect(config.vhostDefaults).toEqual(expected)
  const env = { LEVERET_VHOST_DEFAULTS: text }
  expect(loadConfig({ args: [], env }).config.vhostDefaults).toEqual(expected)
  for (const wrong of ['nonsense', 'heartbeat = 1', 'default_users.u.read = (']) {
    const args = [`--vhost-defaults=${wrong}`]
    expect(() => loadConfig({ args, env: {} })).toThrow('--vhost-defaults must be settings')
  }
})
