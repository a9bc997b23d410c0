import { type FieldValue, integerOf, type Table, textOf } from '../../common/table.ts'
import type { Death, DeathReason, History } from './history.ts'

/**
 * The history that the headers of a message tell, as the broker itself wrote them before its consumer published it
 * again; null where they tell none. Entries that no broker would write are left out.
 */
export function historyTold(headers: Table): History | null {
  const field = headers.get('x-death')
  if (field?.type !== 'array') return null
  const deaths = field.value.map(deathTold).filter((death) => death !== null)
  const oldest = deaths.at(-1)
  if (oldest === undefined) return null
  return { deaths, first: firstTold(headers) ?? oldest, acquiredCount: 0, failedCount: 0 }
}

function deathTold(field: FieldValue): Death | null {
  if (field.type !== 'table') return null
  const entry = field.value
  const queue = textOf(entry.get('queue'))
  const reason = reasonTold(entry.get('reason'))
  const count = countTold(entry.get('count'))
  if (queue === null || reason === null || count === null) return null
  const time = entry.get('time')
  const keys = entry.get('routing-keys')
  return {
    queue,
    reason,
    count,
    timeSeconds: time?.type === 'timestamp' ? time.value : 0n,
    exchange: textOf(entry.get('exchange')) ?? '',
    routingKeys: keys?.type === 'array' ? keys.value.map((key) => textOf(key) ?? '') : [],
    originalExpiration: textOf(entry.get('original-expiration')),
  }
}

function countTold(field: FieldValue | undefined): bigint | null {
  if (field?.type === 'long') return field.value
  const count = integerOf(field)
  return count === null ? null : BigInt(count)
}

function firstTold(headers: Table): History['first'] {
  const queue = textOf(headers.get('x-first-death-queue'))
  const reason = reasonTold(headers.get('x-first-death-reason'))
  const exchange = textOf(headers.get('x-first-death-exchange'))
  return queue === null || reason === null || exchange === null ? null : { queue, reason, exchange }
}

function reasonTold(field: FieldValue | undefined): DeathReason | null {
  const text = textOf(field)
  return REASONS.find((reason) => reason === text) ?? null
}

const REASONS: readonly DeathReason[] = ['rejected', 'expired', 'maxlen', 'delivery_limit']
