import { type Table, textOf } from '../../src/common/table.ts'
import * as wire from '../../src/wire/methods.ts'
import { readHeaders } from '../../src/wire/properties.ts'
import { encodeMethod } from './encode-method.ts'
import type { Sighting } from './model-broker.ts'
import type { ModelSpec } from './model-queue.ts'
import { type Plain, tableOf } from './tables.ts'
import type { Received } from './test-client.ts'

export function declaring(queue: string, passive: boolean, args: Table = tableOf({})): Buffer {
  return encodeMethod(1, {
    id: wire.QUEUE_DECLARE,
    queue,
    passive,
    durable: true,
    exclusive: false,
    autoDelete: false,
    noWait: false,
    arguments: args,
  })
}

export function deleting(queue: string): Buffer {
  const method = { queue, ifUnused: false, ifEmpty: false, noWait: false }
  return encodeMethod(1, { id: wire.QUEUE_DELETE, ...method })
}

export function argumentsOf(spec: ModelSpec): Record<string, Plain> {
  const { ttlMs, maxLength, maxBytes, overflow, deadTo, maxPriority, deliveryLimit } = spec
  return {
    'x-queue-type': spec.type,
    ...(ttlMs === null ? {} : { 'x-message-ttl': ttlMs }),
    ...(maxLength === null ? {} : { 'x-max-length': maxLength }),
    ...(maxBytes === null ? {} : { 'x-max-length-bytes': maxBytes }),
    ...(overflow === 'drop-head' ? {} : { 'x-overflow': overflow }),
    ...(deadTo === null
      ? {}
      : { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': deadTo }),
    ...(maxPriority === 0 ? {} : { 'x-max-priority': maxPriority }),
    ...(spec.isSingleActive ? { 'x-single-active-consumer': true } : {}),
    ...(deliveryLimit === null ? {} : { 'x-delivery-limit': deliveryLimit }),
  }
}

/** What a client sees in a delivery, or in the answer to basic.get. */
export function sightingOf(
  method: Extract<Received, { id: typeof wire.BASIC_DELIVER | typeof wire.BASIC_GET_OK }>,
  consumerTag: string,
): Sighting {
  const headers = readHeaders(method.properties ?? Buffer.alloc(2))
  const count = headers.get('x-delivery-count')
  const { channel, deliveryTag: tag, redelivered } = method
  return {
    id: Number(method.body?.split(' ')[0]),
    channel,
    tag,
    redelivered,
    deaths: deathsIn(headers),
    returns: count?.type === 'long' ? Number(count.value) : 0,
    consumerTag,
  }
}

function deathsIn(headers: Table): readonly string[] {
  const deaths = headers.get('x-death')
  if (deaths?.type !== 'array') return []
  return deaths.value.map((death) => {
    if (death.type !== 'table') return 'no table'
    const count = death.value.get('count')
    const words = ['queue', 'reason'].map((name) => textOf(death.value.get(name)))
    return [...words, count?.type === 'long' ? count.value : ''].join(' ')
  })
}
