import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { ConfigError, loadConfig } from '../../src/config/load.ts'

const root = mkdtempSync(join(tmpdir(), 'leveret-conf-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0

/** A directory with these files; names may have one directory in front. */
function directory(files: { readonly [name: string]: string }): string {
  const path = join(root, String(count++))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}

function loaded(text: string, env: Record<string, string> = {}, args: string[] = []) {
  const path = join(directory({ 'rabbitmq.conf': text }), 'rabbitmq.conf')
  return { path, ...loadConfig({ args, env: { RABBITMQ_CONFIG_FILE: path, ...env } }) }
}

function settings(text: string): Config {
  const { config, warnings } = loaded(text)
  expect(warnings).toEqual([])
  return config
}

describe('the best source wins', () => {
  const path = directory({
    'rabbitmq.conf': 'heartbeat = 1\nchannel_max = 11\nframe_max = 10000\nconsumer_timeout = 1',
    'conf.d/10-a.conf': 'heartbeat = 2\nchannel_max = 12\nframe_max = 10001\n',
    'conf.d/20-b.conf': 'heartbeat = 3\nchannel_max = 13\n',
    'conf.d/30-b.bak': 'heartbeat = 4\n',
  })
  const env = {
    RABBITMQ_CONFIG_FILE: join(path, 'rabbitmq'), // without .conf
    RABBITMQ_CONFIG_FILES: join(path, 'conf.d'),
  }

  test('flag, variable, conf.d in the order of its names, rabbitmq.conf, default', () => {
    const said = { ...env, LEVERET_HEARTBEAT: '5', LEVERET_CHANNEL_MAX: '15' }
    const { config, warnings } = loadConfig({ args: ['--heartbeat=6'], env: said })
    expect(warnings).toEqual([])
    expect(config).toMatchObject({
      heartbeatSeconds: 6,
      channelMax: 15,
      frameMax: 10_001,
      consumerTimeoutMs: 1,
      handshakeTimeoutMs: 10_000,
    })
    expect(loadConfig({ args: [], env }).config).toMatchObject({
      heartbeatSeconds: 3,
      channelMax: 13,
    })
  })

  test('files may be named by a pattern, and by flags', () => {
    const pattern = join(path, 'conf.d', '1*.conf')
    const args = [`--config-files=${pattern}`]
    expect(loadConfig({ args, env }).config.heartbeatSeconds).toBe(2)
    expect(loadConfig({ args: [...args, '--config-file=none'], env }).config).toMatchObject({
      heartbeatSeconds: 2,
      consumerTimeoutMs: 1_800_000,
    })
  })

  test('Erlang arguments win over files', () => {
    const erlang = { RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-rabbit heartbeat 9' }
    expect(loadConfig({ args: [], env: { ...env, ...erlang } }).config.heartbeatSeconds).toBe(9)
  })

  test('a host or port that is said wins over listeners in a file', () => {
    const text = 'listeners.tcp.1 = 127.0.0.1:5673\nlisteners.tcp.2 = ::1:5674\n'
    expect(loaded(text).config.listen).toEqual([
      { host: '127.0.0.1', port: 5673 },
      { host: '::1', port: 5674 },
    ])
    expect(loaded(text, { RABBITMQ_NODE_PORT: '5675' }).config).toMatchObject({
      listen: null,
      port: 5675,
    })
  })

  test('a value may lie in a file of its own', () => {
    const secrets = directory({ pass: 's3cret\n' })
    const file = { RABBITMQ_DEFAULT_PASS_FILE: join(secrets, 'pass') }
    expect(loaded('default_pass = no', file).config.defaultPass).toBe('s3cret')
    expect(loaded('', { ...file, RABBITMQ_DEFAULT_PASS: 'said' }).config.defaultPass).toBe('said')
  })
})

describe('keys of rabbitmq.conf', () => {
  test.each<[string, Partial<Config>]>([
    ['listeners.tcp.default = 5673', { listen: [{ host: null, port: 5673 }] }],
    ['listeners.tcp = none', { listen: [] }],
    ['listeners.ssl.default = 5671', { tlsListen: [{ host: null, port: 5671 }] }],
    ['loopback_users = none', { loopbackUsers: [] }],
    ['loopback_users.guest = false', { loopbackUsers: [] }],
    ['loopback_users.a.b = true\nloopback_users.c = true', { loopbackUsers: ['a.b', 'c'] }],
    [
      'default_user = u\ndefault_pass = p\ndefault_vhost = v',
      { defaultUser: 'u', defaultPass: 'p', defaultVhost: 'v' },
    ],
    ['default_user_tags.management = true', { defaultUserTags: ['management'] }],
    ['default_permissions.write = ^a', { defaultPermissions: ['.*', '^a', '.*'] }],
    ['load_definitions = /d.json', { loadDefinitions: '/d.json' }],
    ['management.load_definitions = /d.json', { loadDefinitions: '/d.json' }],
    [
      'definitions.import_backend = local_filesystem\ndefinitions.local.path = /d',
      { loadDefinitions: '/d' },
    ],
    [
      'management.tcp.port = 15673\nmanagement.tcp.ip = 127.0.0.1',
      { managementPort: 15673, managementHost: '127.0.0.1' },
    ],
    ['prometheus.tcp.port = 15693', { prometheusPort: 15693 }],
    ['channel_max = 0', { channelMax: 65_535 }],
    ['connection_max = infinity', { maxConnections: undefined }],
    ['connection_max = 5\nchannel_max_per_node = 6', { maxConnections: 5, maxChannels: 6 }],
    ['frame_max = 64KB', { frameMax: 65_536 }],
    ['default_queue_type = quorum', { defaultQueueType: 'quorum' }],
    ['log.console.level = warning', { logLevel: 'warn' }],
    ['log.console = true\nlog.file = false', { logFile: undefined }],
    ['log.file = /var/log/r.log', { logFile: '/var/log/r.log' }],
    ['vm_memory_high_watermark.relative = 0.4', { memoryLimit: { ofMemory: 0.4 } }],
    ['vm_memory_high_watermark.absolute = 2GB', { memoryLimit: { bytes: 2_000_000_000 } }],
    ['disk_free_limit.relative = 1.5', { diskFreeLimit: { ofMemory: 1.5 } }],
    ['disk_free_limit.absolute = 512MiB', { diskFreeLimit: { bytes: 536_870_912 } }],
    ['cluster_name = hares', { clusterName: 'hares' }],
    [
      'ssl_options.versions.1 = tlsv1.3\nssl_options.versions.2 = tlsv1.2',
      { tlsVersions: ['tlsv1.3', 'tlsv1.2'] },
    ],
    [
      'ssl_options.ciphers.2 = B\nssl_options.ciphers.10 = C\nssl_options.ciphers.1 = A',
      { tlsCiphers: ['A', 'B', 'C'] },
    ],
    [
      'auth_mechanisms.1 = PLAIN\nauth_mechanisms.2 = EXTERNAL',
      { authMechanisms: ['PLAIN', 'EXTERNAL'] },
    ],
    ['default_user = a\ndefault_vhost = $(default_user)', { defaultVhost: 'a' }],
  ])('%j', (text, expected) => {
    expect(settings(text)).toMatchObject(expected)
  })

  test('take values from the environment', () => {
    expect(loaded('default_pass = $(SECRET)', { SECRET: 's' }).config.defaultPass).toBe('s')
  })
})

describe('what is wrong', () => {
  test.each([
    ['heartbeat = x', "heartbeat must be an integer from 0 to 65535, not 'x'"],
    ['frame_max = 1', "frame_max must be an integer from 8192 to 16777216, not '1'"],
    ['loopback_users.guest = no', "loopback_users.guest must be true or false, not 'no'"],
    ['listeners.tcp.1 = x', "listeners.tcp.1 must be a port, or an address and a port, not 'x'"],
    ['log.console = 1', "log.console must be true or false, not '1'"],
    [
      'vm_memory_high_watermark.relative = much',
      "vm_memory_high_watermark.relative must be a number of bytes such as 2GB, or a part of memory such as 0.6, or 'none', not 'much'",
    ],
    ['default_pass = $(NOWHERE)', '$(NOWHERE) is no variable and no key'],
    ['ssl_options.verify', 'cannot be read as key = value'],
    [
      'ssl_options.versions.1 = sslv3',
      "ssl_options.versions.1 must be some of tlsv1.3, tlsv1.2, tlsv1.1, tlsv1, separated by commas, not 'sslv3'",
    ],
  ])('with %j is told with file and line', (text, problem) => {
    try {
      loaded(`# first\n${text}`)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      expect(error.problems).toEqual([expect.stringMatching(/rabbitmq\.conf:2: /)])
      expect(error.problems[0]).toContain(problem)
      return
    }
    throw new Error('accepted')
  })

  test('does not keep a wrong value from being overridden', () => {
    expect(loaded('heartbeat = x', {}, ['--heartbeat=5']).config.heartbeatSeconds).toBe(5)
    expect(loaded('heartbeat = x\nheartbeat = 7').config.heartbeatSeconds).toBe(7)
  })
})

describe('a warning tells of', () => {
  test.each([
    ['hartbeat = 1', 'unknown key hartbeat, did you mean heartbeat?'],
    ['x.y = 1', 'unknown key x.y'],
    [
      'mqtt.listeners.tcp.default = 1883',
      'mqtt.listeners.tcp.default has no effect: the protocol is not spoken',
    ],
    ['auth_backends.1 = ldap', 'auth_backends.1 has no effect: users are kept in the broker alone'],
    ['auth_backends.2 = ldap', 'auth_backends.2 has no effect: users are kept in the broker alone'],
    [
      'password_hashing_module = rabbit_password_hashing_sha512',
      'password_hashing_module has no effect: passwords are hashed with SHA-256',
    ],
    [
      'credential_validator.min_length = 9',
      'credential_validator.min_length has no effect: any password may be given',
    ],
    ['ssl_options.dhfile = x', 'ssl_options.dhfile has no effect: it is not supported'],
  ])('%j', (text, warning) => {
    const { path, warnings } = loaded(text)
    expect(warnings).toEqual([`${path}:1: ${warning}`])
  })

  test('no key that would do nothing anyway', () => {
    settings('cluster_formation.peer_discovery_backend = k8s\nnum_acceptors.tcp = 5\nlog.dir = /x')
    settings('auth_backends.1 = internal\nauth_backends.2 = rabbit_auth_backend_internal')
    settings('password_hashing_module = rabbit_password_hashing_sha256')
  })

  test('files that are missing, or hold Erlang terms', () => {
    const config = join(root, 'rabbitmq.config')
    expect(loadConfig({ args: [`--config-file=${config}`], env: {} }).warnings).toEqual([
      `${config} holds Erlang terms and is not read: write rabbitmq.conf instead`,
    ])
    const missing = join(root, 'missing')
    expect(loadConfig({ args: [], env: { RABBITMQ_CONFIG_FILE: missing } }).warnings).toEqual([
      `no configuration file ${missing}.conf`,
    ])
  })

  test('variables without effect, and those that look like a slip of the pen', () => {
    const env = {
      RABBITMQ_ADVANCED_CONFIG_FILE: '/etc/rabbitmq/advanced.config',
      RABBITMQ_SSL_CACERTFILE: '/ca.pem',
      RABBITMQ_DEFAULT_PAS: 'x',
      LEVERET_QQQQQQQQ: '1',
      RABBITMQ_ERLANG_COOKIE: 'secret',
      RABBITMQ_SERVICE_HOST: '10.0.0.1',
      RABBITMQ_PORT_5672_TCP_ADDR: '10.0.0.1',
    }
    expect(loadConfig({ args: [], env }).warnings).toEqual([
      'RABBITMQ_ADVANCED_CONFIG_FILE has no effect: it holds Erlang terms: write rabbitmq.conf instead',
      'RABBITMQ_SSL_CACERTFILE has no effect: set the options of TLS instead',
      'unknown variable RABBITMQ_DEFAULT_PAS, did you mean RABBITMQ_DEFAULT_PASS?',
      'unknown variable LEVERET_QQQQQQQQ',
    ])
  })

  test('plug-ins that have no match', () => {
    const path = directory({ enabled: '[rabbitmq_management,rabbitmq_mqtt].', bad: 'x' })
    const warningsOf = (name: string) => {
      const env = { RABBITMQ_ENABLED_PLUGINS_FILE: join(path, name) }
      return loadConfig({ args: [], env }).warnings
    }
    expect(warningsOf('enabled')).toEqual([
      `${join(path, 'enabled')}: rabbitmq_mqtt has no match here`,
    ])
    expect(warningsOf('bad')[0]).toContain('is no list of plug-ins')
    expect(warningsOf('none')[0]).toContain('no list of plug-ins')
  })
})
