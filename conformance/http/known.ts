/** A difference from RabbitMQ that there is for a reason. */
export interface KnownDifference {
  /** Names of captures. */
  readonly in: RegExp
  /** What the difference says. */
  readonly says: RegExp
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = []
