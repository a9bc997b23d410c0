import type { Entry } from '../../src/core/queue/entry.ts'
import { decodeProperties } from '../../src/wire/properties.ts'
import { shownTable } from './tables.ts'

/** A delivery in the form in which captures of RabbitMQ note it. */
export interface Observation {
  readonly exchange: string
  readonly routing_key: string
  readonly redelivered: boolean
  readonly properties: Readonly<Record<string, string | number>>
  /** In the order of the wire, with the tags of the wire; null when there are none. */
  readonly headers: readonly unknown[] | null
}

/** What a consumer of the queue gets to see of an entry. */
export function observe(entry: Entry): Observation {
  const { address, properties } = entry.queue.shown(entry)
  const { headers, ...others } = decodeProperties(properties.encoded)
  return {
    exchange: address.exchange,
    routing_key: address.routingKey,
    redelivered: entry.redelivered,
    properties: Object.fromEntries(
      Object.entries(others).map(([name, value]) => [
        name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        typeof value === 'bigint' ? Number(value) : value,
      ]),
    ),
    headers: headers === undefined ? null : shownTable(headers),
  }
}

/** Tables that captures note as lists, as they are written here: `["count", "l", 1]`. */
export function withoutTimes(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const [name, tag] = value
  return name === 'time' && tag === 'T' ? ['time', 'T', 0] : value.map(withoutTimes)
}
