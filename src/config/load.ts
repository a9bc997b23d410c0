import { readFlags } from './flags.ts'
import { type Config, OPTIONS, type Option } from './options.ts'

/** The command line or the environment asks for what cannot be. */
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
  readonly env: { readonly [name: string]: string | undefined }
}

/**
 * Settles every option: its flag, else its environment variable, else its default.
 * @throws ConfigError that lists all problems, not only the first.
 */
export function loadConfig(sources: ConfigSources): Config {
  const flags = readFlags(sources.args, FLAG_NAMES)
  const problems = [...flags.problems]

  function settle<T>(option: Option<T>): T {
    const flagged = flags.values.get(option.flag)
    const text = flagged ?? (sources.env[option.env] || undefined)
    if (text === undefined) return option.default
    const value = option.type.parse(text)
    if (value !== null) return value
    const name = flagged === undefined ? option.env : `--${option.flag}`
    problems.push(`${name} must be ${option.type.accepts}, not '${text}'`)
    return option.default
  }

  const config: Config = {
    host: settle(OPTIONS.host),
    port: settle(OPTIONS.port),
    loopbackUsers: settle(OPTIONS.loopbackUsers),
    dataDir: settle(OPTIONS.dataDir),
    compat: settle(OPTIONS.compat),
    heartbeatSeconds: settle(OPTIONS.heartbeatSeconds),
    handshakeTimeoutMs: settle(OPTIONS.handshakeTimeoutMs),
    frameMax: settle(OPTIONS.frameMax),
    channelMax: settle(OPTIONS.channelMax),
    maxMessageSize: settle(OPTIONS.maxMessageSize),
    logLevel: settle(OPTIONS.logLevel),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

const FLAG_NAMES = Object.values(OPTIONS).map((option) => option.flag)
