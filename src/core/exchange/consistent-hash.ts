import { erlangBinary, erlangTerm } from '../../common/erlang-term.ts'
import { type FieldValue, type Table, textOf } from '../../common/table.ts'
import type { Binding, Destination } from '../binding.ts'
import type { Message } from '../message.ts'
import { preconditionFailed, Refusal } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'
import { hashText, mix } from './hash.ts'

/**
 * `x-consistent-hash`: the routing key, a header or a property is hashed to one of the buckets, of which a binding
 * gives its destination as many as its binding key says (consistent hash plug-in). Equal values go to the same
 * destination; when a destination joins, only the values that it gets move (jump consistent hash, Lamping and Veach
 * 2014).
 */
export class ConsistentHashRouter implements Router {
  readonly isByKeyOnly: boolean
  private readonly source: HashSource
  private buckets: Destination[] = []

  /** Throws the Refusal of RabbitMQ for arguments that say two things or something unknown. */
  constructor(args: Table) {
    this.source = hashSource(args)
    this.isByKeyOnly = this.source.kind === 'routing-key'
  }

  validate({ routingKey }: Binding): void {
    const weight = weightOf(routingKey)
    if (weight === null) {
      const shown = erlangBinary(Buffer.from(routingKey))
      throw preconditionFailed(`The binding key must be an integer: ${shown}`)
    }
    if (weight < 1) throw preconditionFailed('The binding key must be greater than 0')
    if (weight > MAX_WEIGHT) {
      throw preconditionFailed(`The binding key must not exceed ${MAX_WEIGHT}`)
    }
  }

  /** A second binding to the same destination adds nothing. */
  add({ destination, routingKey }: Binding): void {
    if (this.buckets.includes(destination)) return
    const weight = weightOf(routingKey) ?? 0
    for (let i = 0; i < weight; i++) this.buckets.push(destination)
  }

  /** All buckets of the destination go, even when another binding to it remains. */
  remove({ destination }: Binding): void {
    this.buckets = this.buckets.filter((other) => other !== destination)
  }

  route(message: Message, found: Destinations): void {
    if (this.buckets.length === 0) return
    const bucket = jump(hashText(this.valueOf(message)), this.buckets.length)
    const destination = this.buckets[bucket]
    if (destination !== undefined) found.add(destination)
  }

  /** Messages without the header or property are all alike. */
  private valueOf(message: Message): string {
    switch (this.source.kind) {
      case 'routing-key':
        return message.address.routingKey
      case 'header': {
        const field = message.headers.get(this.source.name)
        return field === undefined ? '' : shown(field)
      }
      case 'property':
        return message.properties.text(this.source.name) ?? ''
    }
  }
}

type HashSource =
  | { readonly kind: 'routing-key' }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'property'; readonly name: HashProperty }

export type HashProperty = 'message_id' | 'correlation_id' | 'timestamp'

const MAX_WEIGHT = 10_000

function hashSource(args: Table): HashSource {
  const header = args.get('hash-header') ?? args.get('x-hash-on')
  const property = args.get('hash-property')
  if (header !== undefined && property !== undefined) {
    throw preconditionFailed('hash-header and hash-property are mutually exclusive')
  }
  if (header !== undefined) return { kind: 'header', name: requireText('hash-header', header) }
  if (property === undefined) return { kind: 'routing-key' }
  const name = requireText('hash-property', property)
  switch (name) {
    case 'message_id':
    case 'correlation_id':
    case 'timestamp':
      return { kind: 'property', name }
    default:
      throw preconditionFailed(`Unsupported property: ${name}`)
  }
}

/** RabbitMQ fails inside on other types; this says what is wrong. */
function requireText(argument: string, field: FieldValue): string {
  if (field.type === 'longstr') return textOf(field) ?? ''
  throw new Refusal('precondition-failed', `invalid type '${field.type}' for arg '${argument}'`)
}

function shown(field: FieldValue): string {
  return textOf(field) ?? erlangTerm(field)
}

/** As Erlang reads an integer: an optional sign and digits. */
function weightOf(routingKey: string): number | null {
  return /^[+-]?\d+$/.test(routingKey) ? Number(routingKey) : null
}

/** The bucket of a hash; with one bucket more, a share of 1 / buckets of all hashes changes theirs. */
function jump(hash: number, buckets: number): number {
  let bucket = 0
  let next = 0
  let state = hash
  while (next < buckets) {
    bucket = next
    state = mix(state + 0x9e3779b9)
    next = Math.floor((bucket + 1) / ((state + 1) / 0x1_0000_0000))
  }
  return bucket
}
