import { type FieldValue, longstr, sortedByName, type Table } from '../../common/table.ts'

/** What has happened to a message in the queues it went through. */
export interface History {
  /** Its deaths, most recent first; one for each pair of queue and reason. */
  readonly deaths: readonly Death[]
  /** The first death of all, which stays when its entry in `deaths` has moved. */
  readonly first: Pick<Death, 'queue' | 'reason' | 'exchange'> | null
  /** Hand-outs that came back, and those among them that failed, as quorum queues count them. */
  readonly acquiredCount: number
  readonly failedCount: number
}

export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit'

/** The deaths of a message in one queue for one reason. */
export interface Death {
  readonly queue: string
  readonly reason: DeathReason
  /** Exact, as a publisher may have told any number. */
  readonly count: bigint
  /** Of the first of them, in seconds since 1970. */
  readonly timeSeconds: bigint
  /** Where it had been published to before. */
  readonly exchange: string
  /** With CC, without BCC. */
  readonly routingKeys: readonly string[]
  /** The message's expiration at that death, if it had one. */
  readonly originalExpiration: string | null
}

/** A history with one more death: the same pair again counts up and moves to the front. */
export function withDeath(
  history: History | null,
  death: Omit<Death, 'count'>,
  counts: Pick<History, 'acquiredCount' | 'failedCount'>,
): History {
  const deaths = history?.deaths ?? []
  const isSame = (other: Death) => other.queue === death.queue && other.reason === death.reason
  const known = deaths.find(isSame)
  const latest =
    known === undefined ? { ...death, count: 1n } : { ...known, count: known.count + 1n }
  return {
    deaths: [latest, ...deaths.filter((other) => !isSame(other))],
    first: history?.first ?? death,
    ...counts,
  }
}

/**
 * Headers that tell a message's deaths, in place of all that told deaths before. RabbitMQ 4 takes such headers of a
 * publisher for its own no more: they are replaced at the first death.
 */
export function withDeathHeaders(headers: Table, { deaths, first }: History): Table {
  const told = new Map(withoutDeathHeaders(headers))
  const [last] = deaths
  if (last === undefined || first === null) return told
  told.set('x-death', { type: 'array', value: deaths.map(deathField) })
  told.set('x-first-death-exchange', longstr(first.exchange))
  told.set('x-first-death-queue', longstr(first.queue))
  told.set('x-first-death-reason', longstr(first.reason))
  told.set('x-last-death-exchange', longstr(last.exchange))
  told.set('x-last-death-queue', longstr(last.queue))
  told.set('x-last-death-reason', longstr(last.reason))
  return sortedByName(told)
}

/** The headers that tell no deaths. */
export function withoutDeathHeaders(headers: Table): Table {
  return new Map([...headers].filter(([name]) => !TELLS_DEATHS.has(name)))
}

/** The order of the fields is RabbitMQ's, and that a count which no longer fits goes on below zero. */
function deathField(death: Death): FieldValue {
  const fields = new Map<string, FieldValue>()
  if (death.originalExpiration !== null) {
    fields.set('original-expiration', longstr(death.originalExpiration))
  }
  fields.set('count', { type: 'long', value: BigInt.asIntN(64, death.count) })
  fields.set('reason', longstr(death.reason))
  fields.set('queue', longstr(death.queue))
  fields.set('time', { type: 'timestamp', value: death.timeSeconds })
  fields.set('exchange', longstr(death.exchange))
  fields.set('routing-keys', { type: 'array', value: death.routingKeys.map(longstr) })
  return { type: 'table', value: fields }
}

const TELLS_DEATHS = new Set([
  'x-death',
  'x-first-death-exchange',
  'x-first-death-queue',
  'x-first-death-reason',
  'x-last-death-exchange',
  'x-last-death-queue',
  'x-last-death-reason',
])
