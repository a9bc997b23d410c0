import { readFile } from 'node:fs/promises'
import type { BrokerIdentity } from '../support/case.ts'

/** What RabbitMQ 4.3.6 answered to something that was sent to it. */
export type ErrorObservation = {
  /** Unique. */
  readonly case: string
  /** What was sent, in short. */
  readonly request: string
  /** The answer, in the notation of `Outcome`. */
  readonly outcome: string
}

/** A dead-lettered message as it arrived from RabbitMQ 4.3.6; null where none arrived. */
export type DeathObservation = {
  /** What was declared and done; several messages of one run end in `[1]`, `[2]` and so on. */
  readonly topology: string
  readonly arrival: Arrival | null
}

export type Arrival = {
  readonly exchange: string
  readonly routingKey: string
  readonly redelivered: boolean
  readonly properties: Readonly<Record<string, string | number>>
  /** One line for each header, in their order; absent where the message had no header table. */
  readonly headers?: readonly string[]
}

/** What 3.10.8 did, where it differs, or that nobody has seen what it does. */
type On310<T> = T | 'unobserved'

type StoredError = {
  readonly case: string
  /** Left out where the name of the case says it. */
  readonly request?: string
  readonly outcome: string
  readonly on310?: On310<string>
}

type StoredArrival = Arrival | { readonly arrives: 'nothing' }
type StoredDeath = StoredArrival & {
  readonly topology: string
  readonly on310?: On310<StoredArrival>
}

/** The provoked errors, as this broker should answer them: 3.10 has answers of its own. */
export async function loadErrors(broker: BrokerIdentity): Promise<ErrorObservation[]> {
  const stored: readonly StoredError[] = await load('errors.json')
  return observedOn(broker, stored).map((item) => ({
    case: item.case,
    request: item.request ?? item.case,
    outcome: (is310(broker) ? item.on310 : undefined) ?? item.outcome,
  }))
}

export async function loadDeaths(broker: BrokerIdentity): Promise<DeathObservation[]> {
  const stored: readonly StoredDeath[] = await load('x-death.json')
  return observedOn(broker, stored).map(({ topology, on310, ...arrival }) => {
    const there = is310(broker) && on310 !== 'unobserved' ? on310 : undefined
    return { topology, arrival: arrivalOf(there ?? arrival) }
  })
}

function observedOn<T extends { readonly on310?: unknown }>(
  broker: BrokerIdentity,
  stored: readonly T[],
): readonly T[] {
  return is310(broker) ? stored.filter((item) => item.on310 !== 'unobserved') : stored
}

function arrivalOf(stored: StoredArrival): Arrival | null {
  return 'arrives' in stored ? null : stored
}

function is310(broker: BrokerIdentity): boolean {
  return broker.version.startsWith('3.10.')
}

async function load<T>(file: string): Promise<T> {
  const stored: T = JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8'))
  return stored
}
