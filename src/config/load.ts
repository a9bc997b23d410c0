import { readFileSync } from 'node:fs'
import { readConfFiles } from './conf-files.ts'
import { ConfSettings } from './conf-settings.ts'
import type { Config } from './config.ts'
import { readErlangArguments } from './erlang-arguments.ts'
import { type Flags, readFlags } from './flags.ts'
import { BadEntry, type Option } from './option.ts'
import { OPTIONS } from './options.ts'
import { DEFAULT_PLUGINS, isPluginSupported, readPlugins, startedPlugins } from './plugins.ts'
import { variableWarnings } from './variables.ts'

/** The command line, the environment or a file asks for what cannot be. */
export class ConfigError extends Error {
  readonly code = 'INVALID_CONFIG'
  /** One line for each thing to mend. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Where settings come from. An environment variable that is empty counts as unset. */
export type ConfigSources = {
  /** Command-line arguments after the name of the command. */
  readonly args: readonly string[]
  readonly env: Environment
}

type Environment = { readonly [name: string]: string | undefined }

export type LoadedConfig = {
  readonly config: Config
  /** The plug-ins of RabbitMQ whose work the broker does. */
  readonly plugins: readonly string[]
  /** Those of them that were asked for. */
  readonly enabledPlugins: readonly string[]
  /** Paths of the configuration files that were read. */
  readonly configFiles: readonly string[]
  /** One line for each setting that has no effect, and why. */
  readonly warnings: readonly string[]
}

/**
 * Settles every option: its flag, else its environment variable, else the last configuration file that sets it, else its
 * default.
 * @throws ConfigError that lists all problems, not only the first.
 */
export function loadConfig({ args, env }: ConfigSources): LoadedConfig {
  const flags = readFlags(args, FLAG_NAMES)
  const first = new Settling(flags, env, null)
  const files = readConfFiles(first.settle(OPTIONS.configFile), first.settle(OPTIONS.configFiles))
  const erlang = readErlangArguments(env[ERLANG_ARGUMENTS] ?? '')
  const conf = new ConfSettings([...files.entries, ...erlang], env)
  conf.warnOfOthers(Object.values(OPTIONS).flatMap((option) => option.conf))
  const settling = new Settling(flags, env, conf)
  const config = Object.freeze(settling.settleAll())
  const listed = listedPlugins(config.pluginsFile)
  const problems = [...flags.problems, ...files.problems, ...conf.problems, ...settling.problems]
  if (problems.length > 0) throw new ConfigError(problems)
  const warnings = [
    ...variableWarnings(env),
    ...files.warnings,
    ...conf.warnings,
    ...listed.warnings,
  ]
  const enabledPlugins = listed.names.filter(isPluginSupported)
  const plugins = startedPlugins(enabledPlugins)
  return { config, plugins, enabledPlugins, configFiles: files.paths, warnings }
}

const ERLANG_ARGUMENTS = 'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS'
const FLAG_NAMES = Object.values(OPTIONS).map((option) => option.flag)

/** Looks options up, best source first, and gathers what is wrong with them. */
class Settling {
  readonly problems: string[] = []
  private readonly flags: Flags
  private readonly env: Environment
  private readonly conf: ConfSettings | null

  constructor(flags: Flags, env: Environment, conf: ConfSettings | null) {
    this.flags = flags
    this.env = env
    this.conf = conf
  }

  settle<T>(option: Option<T>): T {
    const said = this.textFor(option)
    if (said === null) return this.fromConf(option)
    const value = option.type.parse(said.text)
    if (value !== null) return value
    this.problems.push(`${said.name} must be ${option.type.accepts}, not '${said.text}'`)
    return option.default
  }

  settleAll(): Config {
    const o = OPTIONS
    const isPortSaid = this.textFor(o.host) !== null || this.textFor(o.port) !== null
    return {
      configFile: this.settle(o.configFile),
      configFiles: this.settle(o.configFiles),
      pluginsFile: this.settle(o.pluginsFile),
      ...this.settleNetwork(isPortSaid),
      ...this.settleTls(),
      defaultUser: this.settle(o.defaultUser),
      defaultPass: this.settle(o.defaultPass),
      defaultVhost: this.settle(o.defaultVhost),
      defaultUserTags: this.settle(o.defaultUserTags),
      defaultPermissions: this.settle(o.defaultPermissions),
      vhostDefaults: this.settle(o.vhostDefaults),
      loopbackUsers: this.settle(o.loopbackUsers),
      authMechanisms: this.settle(o.authMechanisms),
      anonymousUser: this.settle(o.anonymousUser),
      anonymousPass: this.settle(o.anonymousPass),
      dataDir: this.settle(o.dataDir),
      loadDefinitions: this.settle(o.loadDefinitions),
      memoryLimit: this.settle(o.memoryLimit),
      diskFreeLimit: this.settle(o.diskFreeLimit),
      compat: this.settle(o.compat),
      heartbeatSeconds: this.settle(o.heartbeatSeconds),
      handshakeTimeoutMs: this.settle(o.handshakeTimeoutMs),
      frameMax: this.settle(o.frameMax),
      channelMax: this.settle(o.channelMax),
      maxMessageSize: this.settle(o.maxMessageSize),
      consumerTimeoutMs: this.settle(o.consumerTimeoutMs),
      defaultQueueType: this.settle(o.defaultQueueType),
      maxConnections: this.settle(o.maxConnections),
      maxChannels: this.settle(o.maxChannels),
      maxConsumersPerChannel: this.settle(o.maxConsumersPerChannel),
      maxQueues: this.settle(o.maxQueues),
      maxExchanges: this.settle(o.maxExchanges),
      nodeName: this.settle(o.nodeName),
      clusterName: this.settle(o.clusterName),
      logLevel: this.settle(o.logLevel),
      logFile: this.settle(o.logFile),
      logFormat: this.settle(o.logFormat),
    }
  }

  /** Several listeners give way to a host or a port that a flag or a variable names. */
  private settleNetwork(isPortSaid: boolean) {
    return {
      host: this.settle(OPTIONS.host),
      port: this.settle(OPTIONS.port),
      listen: isPortSaid ? null : this.settle(OPTIONS.listen),
      tlsListen: this.settle(OPTIONS.tlsListen),
      ...this.settleManagement(),
      ...this.settlePrometheus(),
    }
  }

  private settleManagement() {
    const o = OPTIONS
    const plain = [o.managementHost, o.managementPort]
    const tls = { port: o.managementTlsPort, cert: o.managementTlsCert, usual: 15_671 }
    const [port, tlsPort] = this.webPorts(plain, o.managementPort, tls)
    return {
      managementHost: this.settle(o.managementHost),
      managementPort: port,
      managementTlsHost: this.settle(o.managementTlsHost),
      managementTlsPort: tlsPort,
      managementTlsCa: this.settle(o.managementTlsCa),
      managementTlsCert: this.settle(o.managementTlsCert),
      managementTlsKey: this.settle(o.managementTlsKey),
      managementTlsKeyPassword: this.settle(o.managementTlsKeyPassword),
      managementTlsVerify: this.settle(o.managementTlsVerify),
      managementTlsRequireCert: this.settle(o.managementTlsRequireCert),
      managementTlsVersions: this.settle(o.managementTlsVersions),
      managementTlsCiphers: this.settle(o.managementTlsCiphers),
      managementTlsDepth: this.settle(o.managementTlsDepth),
    }
  }

  private settlePrometheus() {
    const o = OPTIONS
    const plain = [o.prometheusHost, o.prometheusPort]
    const tls = { port: o.prometheusTlsPort, cert: o.prometheusTlsCert, usual: 15_691 }
    const [port, tlsPort] = this.webPorts(plain, o.prometheusPort, tls)
    return {
      prometheusHost: this.settle(o.prometheusHost),
      prometheusPort: port,
      prometheusTlsHost: this.settle(o.prometheusTlsHost),
      prometheusTlsPort: tlsPort,
      prometheusTlsCa: this.settle(o.prometheusTlsCa),
      prometheusTlsCert: this.settle(o.prometheusTlsCert),
      prometheusTlsKey: this.settle(o.prometheusTlsKey),
      prometheusTlsKeyPassword: this.settle(o.prometheusTlsKeyPassword),
      prometheusTlsVerify: this.settle(o.prometheusTlsVerify),
      prometheusTlsRequireCert: this.settle(o.prometheusTlsRequireCert),
      prometheusTlsVersions: this.settle(o.prometheusTlsVersions),
      prometheusTlsCiphers: this.settle(o.prometheusTlsCiphers),
      prometheusTlsDepth: this.settle(o.prometheusTlsDepth),
    }
  }

  /**
   * A certificate without a port means the usual one. As in RabbitMQ, who says something of TLS and nothing of a plain
   * port gets TLS alone.
   */
  private webPorts(
    plain: readonly Option<unknown>[],
    port: Option<number | undefined>,
    tls: { port: Option<number | undefined>; cert: Option<string | undefined>; usual: number },
  ): readonly [port: number | undefined, tlsPort: number | undefined] {
    const hasCert = this.settle(tls.cert) !== undefined
    const tlsPort = hasCert && !this.isSaid(tls.port) ? tls.usual : this.settle(tls.port)
    const isTlsAlone = tlsPort !== undefined && !plain.some((option) => this.isSaid(option))
    return [isTlsAlone ? undefined : this.settle(port), tlsPort]
  }

  private isSaid(option: Option<unknown>): boolean {
    return this.textFor(option) !== null || (this.conf?.under(option.conf) ?? []).length > 0
  }

  private settleTls() {
    return {
      tlsCa: this.settle(OPTIONS.tlsCa),
      tlsCert: this.settle(OPTIONS.tlsCert),
      tlsKey: this.settle(OPTIONS.tlsKey),
      tlsKeyPassword: this.settle(OPTIONS.tlsKeyPassword),
      tlsVerify: this.settle(OPTIONS.tlsVerify),
      tlsRequireCert: this.settle(OPTIONS.tlsRequireCert),
      tlsVersions: this.settle(OPTIONS.tlsVersions),
      tlsCiphers: this.settle(OPTIONS.tlsCiphers),
      tlsDepth: this.settle(OPTIONS.tlsDepth),
      certLoginFrom: this.settle(OPTIONS.certLoginFrom),
      certLoginSanType: this.settle(OPTIONS.certLoginSanType),
      certLoginSanIndex: this.settle(OPTIONS.certLoginSanIndex),
    }
  }

  /** What a flag or a variable says, and which; null when neither does. */
  private textFor(
    option: Option<unknown>,
  ): { readonly text: string; readonly name: string } | null {
    const flagged = this.flags.values.get(option.flag)
    if (flagged !== undefined) return { text: flagged, name: `--${option.flag}` }
    for (const name of [option.env, ...(option.otherEnvs ?? [])]) {
      const text = this.env[name]
      if (text) return { text, name }
    }
    return option.hasFile ? this.textInFile(`${option.env}_FILE`) : null
  }

  private textInFile(name: string): { readonly text: string; readonly name: string } | null {
    const path = this.env[name]
    if (!path) return null
    try {
      return { text: readFileSync(path, 'utf8').replace(/\r?\n$/, ''), name }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const problem = `${name}: ${reason}`
      if (!this.problems.includes(problem)) this.problems.push(problem)
      return null
    }
  }

  private fromConf<T>(option: Option<T>): T {
    const entries = this.conf?.under(option.conf) ?? []
    const last = entries.at(-1)
    if (last === undefined) return option.default
    try {
      if (option.fromConf !== undefined) return option.fromConf(entries)
      const value = option.type.parse(last.value)
      if (value === null) throw new BadEntry(last, option.type.accepts)
      return value
    } catch (error) {
      if (!(error instanceof BadEntry)) throw error
      this.problems.push(error.message)
      return option.default
    }
  }
}

type ListedPlugins = {
  readonly names: readonly string[]
  /** One for each that does nothing here. */
  readonly warnings: readonly string[]
}

function listedPlugins(path: string | undefined): ListedPlugins {
  if (path === undefined) return { names: DEFAULT_PLUGINS, warnings: [] }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return { names: DEFAULT_PLUGINS, warnings: [`no list of plug-ins ${path}`] }
  }
  const names = readPlugins(text)
  if (names === null) {
    const warning = `${path} is no list of plug-ins such as [rabbitmq_management].`
    return { names: DEFAULT_PLUGINS, warnings: [warning] }
  }
  const strange = names.filter((name) => !isPluginSupported(name))
  return { names, warnings: strange.map((name) => `${path}: ${name} has no match here`) }
}
