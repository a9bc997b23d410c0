import type { ConfEntry } from './conf-file.ts'
import type { ValueType } from './value-type.ts'

/** One setting: how it is named everywhere, what it accepts and what it is for. */
export type Option<T> = {
  /** The long flag without its dashes. */
  readonly flag: string
  /** The environment variable: RabbitMQ's own name where RabbitMQ has one. */
  readonly env: string
  /** Other variables that mean the same; the first that is set counts. */
  readonly otherEnvs?: readonly string[]
  /** A variable of this name with `_FILE` behind it names a file that holds the value. */
  readonly hasFile?: boolean
  /** Keys in rabbitmq.conf; `$name` stands for any one word. */
  readonly conf: readonly string[]
  readonly group: OptionGroup
  readonly type: ValueType<T>
  readonly default: T
  /** The default in words, for a default that is no single value. */
  readonly defaultText?: string
  /** One phrase for `--help` and the README, without a full stop. */
  readonly help: string
  /**
   * What these entries come to, one for each key, in the order of the files. Throws a BadEntry. Unless given, the last one
   * is read as `type` reads text.
   */
  readonly fromConf?: (entries: readonly ConfEntry[]) => T
}

/** An entry of a configuration file has a value that its key does not take. */
export class BadEntry extends Error {
  readonly entry: ConfEntry
  readonly accepts: string

  constructor(entry: ConfEntry, accepts: string) {
    super(`${entry.place}: ${entry.key} must be ${accepts}, not '${entry.value}'`)
    this.name = 'BadEntry'
    this.entry = entry
    this.accepts = accepts
  }
}

export const OPTION_GROUPS = [
  'Configuration',
  'Network',
  'TLS',
  'Users',
  'Storage',
  'Protocol',
  'Limits',
  'Node',
  'Logging',
] as const
export type OptionGroup = (typeof OPTION_GROUPS)[number]

/** The default as help and README show it. */
export function defaultText(option: Option<unknown>): string {
  return option.defaultText ?? option.type.format(option.default)
}
