/** What a broker can be short of. */
export type Alarm = 'memory' | 'disk'

/** Who says that the broker is short of it: an operator, the watch over limits, or storage that cannot write. */
export type AlarmCause = 'operator' | 'limit' | 'storage'

/** A connection that publishes, as alarms see it. */
export interface Publisher {
  /** Nothing is read from the client any more; it is told why if it wants to know. */
  block(reason: string): void
  unblock(): void
}

/**
 * Memory or disk is short: who publishes is not read from until it is over (RabbitMQ documentation, alarms). A
 * connection that only consumes is left alone, and one that is blocked hears no more when another alarm joins. An alarm
 * is on as long as any of its causes is.
 */
export class Alarms {
  /** Looked at with every frame of content. */
  isRaised = false
  readonly raised = new Set<Alarm>()
  private readonly causes = { memory: new Set<AlarmCause>(), disk: new Set<AlarmCause>() }
  private readonly blocked = new Set<Publisher>()

  raise(alarm: Alarm, cause: AlarmCause): void {
    this.causes[alarm].add(cause)
    this.raised.add(alarm)
    this.isRaised = true
  }

  /** One cause is gone. Once nothing is short any more, everyone may go on. */
  clear(alarm: Alarm, cause: AlarmCause): void {
    const causes = this.causes[alarm]
    causes.delete(cause)
    if (causes.size > 0) return
    this.raised.delete(alarm)
    if (this.raised.size > 0) return
    this.isRaised = false
    const publishers = [...this.blocked]
    this.blocked.clear()
    for (const publisher of publishers) publisher.unblock()
  }

  /** Somebody publishes while an alarm is on. */
  block(publisher: Publisher): void {
    if (this.blocked.has(publisher)) return
    this.blocked.add(publisher)
    publisher.block(`low on ${[...this.raised].sort().join(' & ')}`)
  }

  /** A connection has ended. */
  forget(publisher: Publisher): void {
    this.blocked.delete(publisher)
  }
}
