import type { Logger } from '../common/log.ts'
import type { Config, Endpoint, MemoryLimit } from '../config/config.ts'
import type { AmqpOptions, AmqpsOptions, BrokerOptions, TlsOptions } from '../index.ts'

/** What the settings of the command mean to the library. */
export function brokerOptions(config: Config, logger: Logger): BrokerOptions {
  const [configure = '', write = '', read = ''] = config.defaultPermissions
  const amqps = amqpsOptions(config)
  return {
    amqp: amqpOptions(config),
    ...webOptions(config),
    ...(amqps === null ? {} : { amqps }),
    ...(config.dataDir === undefined ? {} : { dataDir: config.dataDir }),
    ...(config.loadDefinitions === undefined ? {} : { definitions: config.loadDefinitions }),
    defaults: {
      user: config.defaultUser,
      password: config.defaultPass,
      vhost: config.defaultVhost,
      tags: config.defaultUserTags,
      permissions: { configure, write, read },
    },
    vhostDefaults: config.vhostDefaults,
    compat: config.compat,
    heartbeatSeconds: config.heartbeatSeconds,
    handshakeTimeoutMs: config.handshakeTimeoutMs,
    frameMax: config.frameMax,
    channelMax: config.channelMax,
    ...(config.maxMessageSize === null ? {} : { maxMessageSize: config.maxMessageSize }),
    consumerTimeoutMs: config.consumerTimeoutMs ?? null,
    defaultQueueType: config.defaultQueueType,
    limits: {
      maxConnections: config.maxConnections ?? null,
      maxChannels: config.maxChannels ?? null,
      maxConsumersPerChannel: config.maxConsumersPerChannel ?? null,
      maxQueues: config.maxQueues ?? null,
      maxExchanges: config.maxExchanges ?? null,
    },
    ...resourceLimits(config),
    loopbackUsers: config.loopbackUsers,
    authMechanisms: config.authMechanisms,
    anonymousLogin:
      config.anonymousUser === undefined
        ? null
        : { user: config.anonymousUser, password: config.anonymousPass },
    ...(config.nodeName === undefined ? {} : { nodeName: config.nodeName }),
    ...(config.clusterName === undefined ? {} : { clusterName: config.clusterName }),
    logger,
  }
}

function resourceLimits({ memoryLimit: memory, diskFreeLimit: diskFree }: Config) {
  return {
    ...(memory === undefined ? {} : { memoryLimit: limitOf(memory) }),
    ...(diskFree === undefined ? {} : { diskFreeLimit: limitOf(diskFree) }),
  }
}

/** Bytes as a number, as the library has them. */
function limitOf(limit: Exclude<MemoryLimit, undefined>): number | { readonly ofMemory: number } {
  return 'bytes' in limit ? limit.bytes : limit
}

/** Pages, HTTP API and metrics are served where there is a port for them, and do without where it is taken. */
function webOptions(config: Config) {
  const { managementHost, managementPort, prometheusHost, prometheusPort } = config
  const { managementTlsHost, managementTlsPort, prometheusTlsHost, prometheusTlsPort } = config
  const place = (host: string, port: number) => ({ host, port, isOptional: true })
  return {
    ...(managementPort === undefined ? {} : { management: place(managementHost, managementPort) }),
    ...(managementTlsPort === undefined
      ? {}
      : { managementTls: { ...place(managementTlsHost, managementTlsPort), ...apiTls(config) } }),
    ...(prometheusPort === undefined ? {} : { prometheus: place(prometheusHost, prometheusPort) }),
    ...(prometheusTlsPort === undefined
      ? {}
      : {
          prometheusTls: { ...place(prometheusTlsHost, prometheusTlsPort), ...metricsTls(config) },
        }),
  }
}

function apiTls(config: Config): TlsOptions {
  return {
    ...pem(config.managementTlsCert, config.managementTlsKey, config.managementTlsKeyPassword),
    ...authorities(config.managementTlsCa, config.managementTlsVerify),
    requiresCert: config.managementTlsRequireCert,
    versions: config.managementTlsVersions,
    ciphers: config.managementTlsCiphers,
    depth: config.managementTlsDepth,
  }
}

function metricsTls(config: Config): TlsOptions {
  return {
    ...pem(config.prometheusTlsCert, config.prometheusTlsKey, config.prometheusTlsKeyPassword),
    ...authorities(config.prometheusTlsCa, config.prometheusTlsVerify),
    requiresCert: config.prometheusTlsRequireCert,
    versions: config.prometheusTlsVersions,
    ciphers: config.prometheusTlsCiphers,
    depth: config.prometheusTlsDepth,
  }
}

function pem(cert: string | undefined, key: string | undefined, passphrase: string | undefined) {
  return {
    cert: cert ?? '',
    key: key ?? '',
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

function authorities(ca: string | undefined, verify: Config['tlsVerify']) {
  return { ...(ca === undefined ? {} : { ca }), verifiesPeer: verify === 'verify_peer' }
}

function amqpOptions({ host, port, listen }: Config): AmqpOptions {
  return listen === null ? { host, port } : { host, listeners: listen.map(listenerOf) }
}

/** Null without ports for it. */
function amqpsOptions(config: Config): AmqpsOptions | null {
  if (config.tlsListen.length === 0) return null
  return {
    host: config.host,
    listeners: config.tlsListen.map(listenerOf),
    ...pem(config.tlsCert, config.tlsKey, config.tlsKeyPassword),
    ...authorities(config.tlsCa, config.tlsVerify),
    requiresCert: config.tlsRequireCert,
    versions: config.tlsVersions,
    ciphers: config.tlsCiphers,
    depth: config.tlsDepth,
    loginFrom: {
      field: config.certLoginFrom,
      sanType: config.certLoginSanType,
      sanIndex: config.certLoginSanIndex,
    },
  }
}

function listenerOf({ host, port }: Endpoint): { readonly host?: string; readonly port: number } {
  return host === null ? { port } : { host, port }
}
