import type { FieldValue, Table, TableField } from '../support/field-table.ts'
import type { Sighting } from './stage.ts'

/** A field in which two brokers differ. */
export type Difference = {
  /** Which of the sightings, and what of it. */
  readonly path: string
  readonly rabbitMq: string
  readonly leveret: string
  /** What is known of it; null where nobody can say why. */
  readonly reason: string | null
}

/** Compares what two brokers showed, field by field, types and orders as well. */
export function differences(
  rabbitMq: readonly Sighting[],
  leveret: readonly Sighting[],
): Difference[] {
  const [theirs, ours] = [flatten(rabbitMq), flatten(leveret)]
  return [...new Set([...theirs.keys(), ...ours.keys()])]
    .map((path) => ({
      path,
      rabbitMq: theirs.get(path) ?? ABSENT,
      leveret: ours.get(path) ?? ABSENT,
    }))
    .filter((found) => found.rabbitMq !== found.leveret)
    .map((found) => ({ ...found, reason: reasonFor(found) }))
}

const ABSENT = 'absent'
/** A time that is further away is shown as it is. */
const NOW_SECONDS = 120

/**
 * The ways in which RabbitMQ 3.10 is known to differ from the versions after it (core-semantics.md 6). Each holds for
 * a field in one direction only.
 */
function reasonFor({ path, rabbitMq, leveret }: Omit<Difference, 'reason'>): string | null {
  if (/ x-last-death-\w+$/.test(path) && rabbitMq === ABSENT) return '3.10 has no x-last-death-*'
  if (/ order of headers$/.test(path) && withoutLast(leveret) === rabbitMq) {
    return '3.10 has no x-last-death-*'
  }
  if (/ CC$/.test(path) && rabbitMq === ABSENT) return '3.10 removes CC at a dead-letter key'
  if (/ order of headers$/.test(path) && withoutLast(leveret).replace('CC, ', '') === rabbitMq) {
    return '3.10 removes CC at a dead-letter key'
  }
  if (/ order of fields$/.test(path)) {
    const [first, ...rest] = leveret.split(', ')
    if (first === 'original-expiration' && rabbitMq === [...rest, first].join(', ')) {
      return '3.10 puts original-expiration last'
    }
    if (rabbitMq === leveret.split(', ').sort().join(', ')) {
      return '3.10 sorts the fields of an entry that it rewrites'
    }
  }
  if (/ order of x-death$/.test(path) && sameMembers(rabbitMq, leveret)) {
    return '3.10 has older entries in another order'
  }
  return null
}

function withoutLast(names: string): string {
  return names
    .split(', ')
    .filter((name) => !name.startsWith('x-last-death-'))
    .join(', ')
}

function sameMembers(a: string, b: string): boolean {
  return a.split(', ').sort().join() === b.split(', ').sort().join()
}

/** Every field of every sighting by a path that names it. */
function flatten(sightings: readonly Sighting[]): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [at, sighting] of sightings.entries()) {
    const where = `${at + 1} ${sighting.at}:`
    const { body, exchange, routingKey, redelivered, headers } = sighting
    flat.set(`${where} body`, body)
    flat.set(`${where} exchange`, exchange)
    flat.set(`${where} routing key`, routingKey)
    flat.set(`${where} redelivered`, String(redelivered))
    if (headers.length > 0) flat.set(`${where} order of headers`, namesOf(headers))
    for (const [name, tag, value] of headers) {
      if (name === 'x-death') flattenDeaths(where, tag, value, flat)
      else flat.set(`${where} ${name}`, shown(tag, value))
    }
  }
  return flat
}

/** Entries go by queue and reason: where they stand is a field of its own. */
function flattenDeaths(where: string, tag: string, value: FieldValue, flat: Map<string, string>) {
  const entries = tag === 'A' && Array.isArray(value) ? value : []
  flat.set(`${where} type of x-death`, `${tag} of ${entries.map(([one]) => one).join()}`)
  const labels: string[] = []
  for (const [, entry] of entries) {
    const fields = Array.isArray(entry) ? entry.filter(isField) : []
    const label = ['queue', 'reason'].map((name) => valueOf(fields, name)).join(' ')
    labels.push(label)
    flat.set(`${where} x-death ${label} order of fields`, namesOf(fields))
    for (const [name, type, field] of fields) {
      flat.set(`${where} x-death ${label} ${name}`, shown(type, field))
    }
  }
  flat.set(`${where} order of x-death`, labels.join(', '))
}

function isField(member: unknown): member is TableField {
  return Array.isArray(member) && member.length === 3
}

function valueOf(fields: readonly TableField[], name: string): string {
  return String(fields.find(([key]) => key === name)?.[2])
}

function namesOf(fields: Table): string {
  return fields.map(([name]) => name).join(', ')
}

function shown(tag: string, value: FieldValue): string {
  const isNow = tag === 'T' && Math.abs(Number(value) - Date.now() / 1000) < NOW_SECONDS
  if (isNow) return 'T now'
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  )
  return `${tag} ${text}`
}
