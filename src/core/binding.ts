import { fingerprint, type Table } from '../common/table.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { BindingDefinition } from './ports.ts'
import type { Queue } from './queue/queue.ts'

/** What a binding may lead to. */
export type Destination = Queue | Exchange

/**
 * A rule that leads from an exchange to a queue or another exchange. Its identity is everything it says: binding the
 * same thing twice gives one binding (core semantics, bindings).
 */
export class Binding {
  readonly source: Exchange
  readonly destination: Destination
  readonly routingKey: string
  readonly arguments: Table
  /** Equal for equal bindings of one source. */
  readonly identity: string

  constructor(source: Exchange, destination: Destination, routingKey: string, args: Table) {
    this.source = source
    this.destination = destination
    this.routingKey = routingKey
    this.arguments = args
    this.identity = bindingIdentity(destination, routingKey, args)
  }

  /** A binding survives a restart if both its ends do. */
  get durable(): boolean {
    return this.source.durable && this.destination.durable
  }
}

/** The lengths in front keep the parts apart, whatever is in them. Short, as every binding keeps its own. */
export function bindingIdentity(destination: Destination, routingKey: string, args: Table): string {
  const { kind, name } = destination
  const ends = args.size === 0 ? '' : fingerprint(args)
  return `${kind === 'queue' ? '' : 'e'}${name.length}.${routingKey.length}.${name}${routingKey}${ends}`
}

/** A binding as storage keeps it. */
export function definitionOf(binding: Binding): BindingDefinition {
  return {
    vhost: binding.source.vhost,
    source: binding.source.name,
    destination: binding.destination.name,
    destinationKind: binding.destination.kind,
    routingKey: binding.routingKey,
    arguments: binding.arguments,
  }
}
