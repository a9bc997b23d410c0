import type { ArrayItem, FieldValue } from '../../support/field-table.ts'
import type { RawMessage } from '../../support/raw-connection.ts'
import { isTable } from '../literal.ts'
import type { Arrival } from '../observation.ts'

const RECENT_SECONDS = 60

/** A message in the notation of the observations. */
export function arrivalOf({ args, properties }: RawMessage): Arrival {
  const { headers, ...others } = properties
  const arrival = {
    exchange: String(args.exchange),
    routingKey: String(args.routingKey),
    redelivered: args.redelivered === true,
    properties: Object.fromEntries(
      Object.entries(others).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? Number(value) : value,
      ]),
    ),
  }
  if (headers === undefined) return arrival
  return {
    ...arrival,
    headers: headers.map(([name, tag, value]) => `${name}: ${show(tag, value)}`),
  }
}

/** `"text"`, `l 5`, `[...]`, `{name: ...}`; a time of the last minute is `T recent`. */
function show(tag: string, value: FieldValue): string {
  if (value === null) return 'void'
  if (tag === 'S' && typeof value === 'string') return JSON.stringify(value)
  if (tag === 'T' && isRecent(Number(value))) return 'T recent'
  if (!Array.isArray(value)) return `${tag} ${String(value)}`
  if (tag === 'F' && isTable(value)) {
    return `{${value.map(([name, itsTag, field]) => `${name}: ${show(itsTag, field)}`).join(', ')}}`
  }
  return `[${value
    .filter(isItem)
    .map(([itsTag, item]) => show(itsTag, item))
    .join(', ')}]`
}

function isItem(member: readonly unknown[]): member is ArrayItem {
  return member.length === 2
}

function isRecent(seconds: number): boolean {
  return Math.abs(Date.now() / 1000 - seconds) < RECENT_SECONDS
}
