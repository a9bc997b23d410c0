import { writeConnectionBlocked, writeConnectionUnblocked } from '../wire/methods.ts'
import type { Output } from '../wire/output.ts'
import type { Publisher } from './alarms.ts'
import type { Session } from './handshake.ts'
import { ALARM, type Reading } from './reading.ts'

/** The connection of a client that publishes: it is not read from while the broker is short of something. */
export class BlockablePublisher implements Publisher {
  private readonly session: Session
  private readonly reading: Reading
  /** The connection's output, which is flushed after a call. */
  private readonly output: () => Output

  constructor(session: Session, reading: Reading, output: () => Output) {
    this.session = session
    this.reading = reading
    this.output = output
  }

  block(reason: string): void {
    if (this.session.notifiesBlocked) writeConnectionBlocked(this.output(), 0, { reason })
    this.reading.pause(ALARM)
  }

  unblock(): void {
    if (this.session.notifiesBlocked) writeConnectionUnblocked(this.output(), 0)
    this.reading.resume(ALARM)
  }
}
