import type { CompatName } from '../common/compat.ts'

/** The settings of one run of the command, each from its flag, its variable, a configuration file or its default. */
export type Config = OwnConfig & WebTlsConfig<'management'> & WebTlsConfig<'prometheus'>

/** How TLS is spoken where HTTP is; without a port it is not. */
type WebTlsConfig<Side extends string> = {
  readonly [K in keyof WebTls as `${Side}Tls${Capitalize<K>}`]: WebTls[K]
}

type WebTls = {
  readonly host: string
  readonly port: number | undefined
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly keyPassword: string | undefined
  readonly verify: 'verify_peer' | 'verify_none'
  readonly requireCert: boolean
  readonly versions: readonly TlsVersion[]
  readonly ciphers: readonly string[]
  readonly depth: number
}

type OwnConfig = {
  readonly configFile: string | undefined
  readonly configFiles: string | undefined
  readonly pluginsFile: string | undefined

  readonly host: readonly string[]
  readonly port: number
  /** Where to listen instead of `host` and `port`; null where nothing else is said. */
  readonly listen: readonly Endpoint[] | null
  readonly tlsListen: readonly Endpoint[]
  readonly managementHost: string
  readonly managementPort: number | undefined
  readonly prometheusHost: string
  readonly prometheusPort: number | undefined

  readonly tlsCa: string | undefined
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  readonly tlsKeyPassword: string | undefined
  readonly tlsVerify: 'verify_peer' | 'verify_none'
  readonly tlsRequireCert: boolean
  readonly tlsVersions: readonly TlsVersion[]
  /** Empty for those of Node. */
  readonly tlsCiphers: readonly string[]
  readonly tlsDepth: number
  readonly certLoginFrom: 'distinguished_name' | 'common_name' | 'subject_alternative_name'
  readonly certLoginSanType: 'dns' | 'ip' | 'email' | 'uri' | 'other_name'
  readonly certLoginSanIndex: number

  readonly defaultUser: string
  readonly defaultPass: string
  readonly defaultVhost: string
  readonly defaultUserTags: readonly string[]
  /** Patterns of configure, write and read. */
  readonly defaultPermissions: readonly string[]
  readonly vhostDefaults: VhostDefaults
  readonly loopbackUsers: readonly string[]
  readonly authMechanisms: readonly string[]
  /** Undefined for nobody. */
  readonly anonymousUser: string | undefined
  readonly anonymousPass: string

  /** Undefined keeps everything in memory. */
  readonly dataDir: string | undefined
  readonly loadDefinitions: string | undefined

  readonly memoryLimit: MemoryLimit
  readonly diskFreeLimit: MemoryLimit

  readonly compat: CompatName
  readonly heartbeatSeconds: number
  readonly handshakeTimeoutMs: number
  readonly frameMax: number
  readonly channelMax: number
  /** Bytes; null takes the limit of the RabbitMQ version in `compat`. */
  readonly maxMessageSize: number | null
  readonly consumerTimeoutMs: number | undefined
  readonly defaultQueueType: 'classic' | 'quorum'

  /** Undefined for any number, here and below. */
  readonly maxConnections: number | undefined
  readonly maxChannels: number | undefined
  readonly maxConsumersPerChannel: number | undefined
  readonly maxQueues: number | undefined
  readonly maxExchanges: number | undefined

  /** Undefined for `rabbit@` and the name of the machine. */
  readonly nodeName: string | undefined
  /** Undefined for the name of the node. */
  readonly clusterName: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Undefined for the standard output. */
  readonly logFile: string | undefined
  /** RabbitMQ's lines of text, or one JSON object a line. */
  readonly logFormat: 'plaintext' | 'json'
}

/** Bytes, or a part of the memory that there is; undefined for no limit. */
export type MemoryLimit = { readonly bytes: number } | { readonly ofMemory: number } | undefined

/** Null for the host that is set for all. */
export type Endpoint = { readonly host: string | null; readonly port: number }

export type TlsVersion = 'tlsv1' | 'tlsv1.1' | 'tlsv1.2' | 'tlsv1.3'

/** What new vhosts begin with whose names match a pattern; any, where none is said. */
export type VhostDefaults = {
  readonly limits: readonly DefaultLimits[]
  readonly operatorPolicies: readonly DefaultPolicy[]
  readonly users: readonly DefaultUser[]
}

export type DefaultLimits = {
  readonly vhostPattern?: string
  readonly maxConnections?: number
  readonly maxQueues?: number
}

export type DefaultPolicy = {
  readonly name: string
  readonly vhostPattern?: string
  readonly queuePattern?: string
  /** Under the names that policies have for it: `max-length`. */
  readonly definition: { readonly [key: string]: number }
}

export type DefaultUser = {
  readonly name: string
  readonly vhostPattern?: string
  readonly password?: string
  readonly tags?: readonly string[]
  readonly configure?: string
  readonly write?: string
  readonly read?: string
}
