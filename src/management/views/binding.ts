import { createHash } from 'node:crypto'
import { EMPTY_TABLE, fingerprint, type Table } from '../../common/table.ts'
import type { Binding } from '../../core/binding.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { Vhost } from '../../core/vhost.ts'
import { jsonOfTable } from '../amqp-json.ts'
import type { View } from './view.ts'

/** A binding as the API shows it: that of a queue to the default exchange, too, which nobody has made. */
export interface ShownBinding {
  readonly vhost: string
  readonly source: string
  readonly destination: string
  readonly destinationKind: 'queue' | 'exchange'
  readonly routingKey: string
  readonly arguments: Table
}

export const bindingView: View<ShownBinding> = {
  source: { type: 'string', read: (binding) => binding.source },
  vhost: { type: 'string', read: (binding) => binding.vhost },
  destination: { type: 'string', read: (binding) => binding.destination },
  destination_type: { type: 'string', read: (binding) => binding.destinationKind },
  routing_key: { type: 'string', read: (binding) => binding.routingKey },
  arguments: { type: 'object', read: (binding) => jsonOfTable(binding.arguments) },
  properties_key: { type: 'string', read: propertiesKey },
}

/**
 * What names a binding between two ends, as RabbitMQ forms it: the routing key as forms encode it, `~` for an empty one,
 * and with arguments `~` and a hash of them, which is ours.
 */
export function propertiesKey(binding: Pick<ShownBinding, 'routingKey' | 'arguments'>): string {
  const { routingKey, arguments: args } = binding
  const key = formEncoded(routingKey)
  if (args.size === 0) return key === '' ? '~' : key
  const hash = createHash('sha256').update(fingerprint(args)).digest().subarray(0, HASH_SIZE)
  return `${key}~${hash.toString('base64url')}`
}

export function bindingOf({
  source,
  destination,
  routingKey,
  arguments: args,
}: Binding): ShownBinding {
  return {
    vhost: source.vhost,
    source: source.name,
    destination: destination.name,
    destinationKind: destination.kind,
    routingKey,
    arguments: args,
  }
}

export function defaultBindingOf({ vhost, name }: Queue): ShownBinding {
  return {
    vhost,
    source: '',
    destination: name,
    destinationKind: 'queue',
    routingKey: name,
    arguments: EMPTY_TABLE,
  }
}

/** All bindings of a vhost: those of the default exchange first. */
export function* bindingsOf(vhost: Vhost): Iterable<ShownBinding> {
  for (const queue of vhost.queues) yield defaultBindingOf(queue)
  for (const exchange of vhost.exchanges) {
    for (const binding of exchange.bindings.values()) yield bindingOf(binding)
  }
}

const HASH_SIZE = 4

/** application/x-www-form-urlencoded, but for `*`, which RabbitMQ escapes too. */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** How bindings are listed. */
export const BINDINGS = {
  view: bindingView,
  order: ['vhost', 'source', 'destination', 'routing_key', 'properties_key'],
  hasPages: false,
}
