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
  private readonly weights = new Map<Destination, number>() // in the order of their buckets
  private shares: Shares | null = null // null from a change until they are needed

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
    if (this.weights.has(destination)) return
    this.weights.set(destination, weightOf(routingKey) ?? 0)
    this.shares = null
  }

  /** All buckets of the destination go, even when another binding to it remains. */
  remove({ destination }: Binding): void {
    if (this.weights.delete(destination)) this.shares = null
  }

  route(message: Message, found: Destinations): void {
    this.shares ??= sharesOf(this.weights)
    const { destinations, ends } = this.shares
    const bucketCount = ends.at(-1) ?? 0
    if (bucketCount === 0) return
    const bucket = jump(hashText(this.valueOf(message)), bucketCount)
    const destination = destinations[firstBeyond(ends, bucket)]
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

/** Which buckets each destination has, counted from 0. */
interface Shares {
  readonly destinations: readonly Destination[]
  /** For each of them the bucket behind its last, where those of the next begin. */
  readonly ends: readonly number[]
}

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

function sharesOf(weights: ReadonlyMap<Destination, number>): Shares {
  let end = 0
  const ends = Array.from(weights.values(), (weight) => {
    end += weight
    return end
  })
  return { destinations: [...weights.keys()], ends }
}

/** The index of the first number, in an ascending list, that is greater than another. */
function firstBeyond(ascending: readonly number[], other: number): number {
  let from = 0
  let to = ascending.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ascending[middle]! > other) to = middle
    else from = middle + 1
  }
  return from
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
