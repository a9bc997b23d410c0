import type { KnownDifference } from '../../support/case.ts'
import type { Arguments } from '../../support/methods.ts'
import type { RawConnection } from '../../support/raw-connection.ts'
import type { Right } from './right.ts'

/** The names of one case. */
export interface Names {
  readonly vhost: string
  readonly user: string
  readonly queue: string
  readonly exchange: string
  /** Another exchange: a destination, an alternate, one for dead letters. */
  readonly other: string
}

export type Step = readonly [method: string, args: Arguments]

/** One way to use a method, and what it takes. */
export interface Row {
  readonly method: string
  /** Tells it from other uses of the method; empty for the plain one. */
  readonly use: string
  /** In the order in which the broker asks for them. */
  rights(names: Names): readonly Right[]
  /** What there is before, made by the operator. */
  before?(names: Names): readonly Step[]
  /** What the client does before, while it may do everything. */
  prepare?(client: RawConnection, names: Names): Promise<void>
  act(client: RawConnection, names: Names): void
  /** What it is answered when it may. */
  readonly answer: string
  /** Versions that do not ask for the right at a place. */
  readonly laxer?: KnownDifference & { readonly at: number }
}

export function queueIsThere({ queue }: Names): Step {
  return ['queue.declare', { queue }]
}

export function exchangeIsThere(type: string): (names: Names) => Step {
  return ({ exchange }) => ['exchange.declare', { exchange, type }]
}
