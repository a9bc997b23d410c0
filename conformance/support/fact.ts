import type { ConformanceCase, KnownDifference } from './case.ts'
import { expectFailure, type Failure } from './failure.ts'
import type { RawConnection } from './raw-connection.ts'
import type { Session } from './session.ts'

/** A case in one call. */
export function fact(
  name: string,
  source: string,
  run: (t: Session) => Promise<void>,
  onRabbitMq?: KnownDifference,
): ConformanceCase {
  return onRabbitMq === undefined ? { name, source, run } : { name, source, run, onRabbitMq }
}

/**
 * A case in which the broker has to refuse: `provoke` sends what is wrong over a raw connection
 * with channel 1 open and gives the refusal to expect as the next frame.
 */
export function refusal(
  name: string,
  source: string,
  provoke: (raw: RawConnection, t: Session) => Failure | Promise<Failure>,
  onRabbitMq?: KnownDifference,
): ConformanceCase {
  const run = async (t: Session) => {
    const raw = await t.raw()
    await expectFailure(raw, await provoke(raw, t))
  }
  return fact(name, source, run, onRabbitMq)
}

/** The same cases, for brokers that have the exchange type; `not there` for the others. */
export function needing(
  exchangeType: string,
  cases: readonly ConformanceCase[],
): ConformanceCase[] {
  return cases.map((item) => ({ ...item, needs: exchangeType }))
}

/** `on310('why')`: RabbitMQ 3.10, as Debian 12 ships it, is known to differ. */
export function on310(reason: string): KnownDifference {
  return { versions: '3.10', reason }
}
