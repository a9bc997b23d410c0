import type { Session } from './session.ts'

/** One fact about a broker, and how to see whether it holds. */
export type ConformanceCase = {
  /** The fact in plain words; unique within its area. */
  readonly name: string
  /** Where the fact comes from: a page and section of the reference, or of the specification. */
  readonly source: string
  /** Resolves where the fact holds, rejects where it does not. */
  run(t: Session): Promise<void>
  /** The exchange type without which the case cannot be asked; left out: one that every broker has. */
  readonly needs?: string
  /** Versions of RabbitMQ that are known to behave in another way, and why. */
  readonly onRabbitMq?: KnownDifference
}

export type KnownDifference = {
  /** Beginnings of version numbers: `3.10`, or several as `3.10, 3.11`. */
  readonly versions: string
  readonly reason: string
}

/** A file of cases. */
export type Area = {
  readonly name: string
  readonly cases: readonly ConformanceCase[]
}

/** What a broker says of itself in connection.start. */
export type BrokerIdentity = {
  readonly product: string
  readonly version: string
}

/** The written reason why this broker may fail the case, if there is one. */
export function reasonFor(item: ConformanceCase, broker: BrokerIdentity): string | null {
  if (item.onRabbitMq === undefined || broker.product !== 'RabbitMQ') return null
  const isMeant = item.onRabbitMq.versions
    .split(/[ ,]+/)
    .some((prefix) => `${broker.version}.`.startsWith(`${prefix}.`))
  return isMeant ? item.onRabbitMq.reason : null
}
