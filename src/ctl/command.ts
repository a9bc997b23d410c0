import type { Json, JsonObject } from '../common/json.ts'
import type { BrokerClient, NodeFacts } from './broker-client.ts'
import type { Kind } from './kinds.ts'

/** RabbitMQ's commands whose arguments are the name of a command of theirs, and what that takes. */
export const TOOLS = [
  'rabbitmqctl',
  'rabbitmq-diagnostics',
  'rabbitmq-plugins',
  'rabbitmq-queues',
  'rabbitmq-streams',
  'rabbitmq-upgrade',
] as const
export type Tool = (typeof TOOLS)[number]

/** One command, all there is to know of it. */
export interface Command {
  readonly name: string
  readonly tools: readonly Tool[]
  readonly group: Group
  /** What it does, without a full stop. */
  readonly about: string
  /** Arguments and options as the usage shows them. */
  readonly usage: string
  /** What arguments and options mean. */
  readonly help?: readonly (readonly [argument: string, meaning: string])[]
  /** Pages of RabbitMQ's documentation. */
  readonly guides?: readonly string[]
  /** Fewest and most arguments; none unless given. */
  readonly arguments?: readonly [number, number]
  /** Options beside those of every command, by their long name. */
  readonly options?: Readonly<Record<string, 'flag' | 'text' | 'number'>>
  /** Columns that arguments may choose from, and those that are shown without any. */
  readonly columns?: Columns
  /** What has to be there: a running broker, its process, or nothing; a running broker unless given. */
  readonly needs?: 'broker' | 'node' | 'nothing'
  /** Throws a WrongArguments. */
  readonly check?: (input: Input) => void
  /** What is said before anything is done, unless the command is to be quiet. */
  readonly banner?: (input: Input) => string
  readonly run: (call: CommandCall) => Promise<Output> | Output
}

export interface Columns {
  readonly all: readonly Column[]
  /** Names. */
  readonly default: readonly string[]
}

export interface Column {
  readonly name: string
  readonly kind: Kind
  /** From the object that the broker gives; what is under its name there unless given. */
  readonly read?: (row: JsonObject) => Json | undefined
}

export interface Input {
  readonly tool: Tool
  readonly args: readonly string[]
  readonly options: Options
  /** Of the node that is meant. */
  readonly nodeName: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface CommandCall extends Input {
  readonly broker: BrokerClient
  /** Null where the command needs nothing, and nobody is there. */
  readonly facts: NodeFacts | null
  /** Prints at once. */
  readonly say: (line: string) => void
  /** All of the standard input, once it has ended, or its first line. */
  readonly read: (amount: 'all' | 'line') => Promise<string>
}

/** What options there were, by their long names. */
export class Options {
  private readonly values: ReadonlyMap<string, string | true>

  constructor(values: ReadonlyMap<string, string | true>) {
    this.values = values
  }

  has(name: string): boolean {
    return this.values.has(name)
  }

  text(name: string): string | null {
    const value = this.values.get(name)
    return typeof value === 'string' ? value : null
  }

  number(name: string): number | null {
    const value = this.text(name)
    return value === null ? null : Number(value)
  }

  get vhost(): string {
    return this.text('vhost') ?? '/'
  }

  /** Whether only results are wanted. */
  get isQuiet(): boolean {
    return this.has('quiet') || this.has('silent')
  }

  get timeoutSeconds(): number | null {
    return this.number('timeout')
  }
}

/** What a command prints. */
export type Output =
  | null
  /** Rows, and what stands in place of none. */
  | {
      readonly columns: readonly Column[]
      readonly rows: readonly JsonObject[]
      readonly without?: string
      readonly hasNoHeader?: boolean
      readonly isPretty?: boolean
    }
  /** A text, and what stands for it in JSON: an object with the text as its message unless given. */
  | { readonly text: string; readonly json?: Json }

export const GROUPS = [
  'Help',
  'Nodes',
  'Cluster',
  'Users',
  'Access Control',
  'Monitoring, observability and health checks',
  'Parameters',
  'Policies',
  'Virtual hosts',
  'Configuration and Environment',
  'Definitions',
  'Feature flags',
  'Operations',
  'Queues',
  'Replication',
  'Deprecated',
  'Other',
] as const
export type Group = (typeof GROUPS)[number]
