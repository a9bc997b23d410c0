import type { Logger } from '../../common/log.ts'
import type { LongWorkTime } from '../../common/long-work-time.ts'
import { Ring } from '../../common/ring.ts'
import type { Task } from '../../common/run-queue.ts'
import { Message } from '../message.ts'
import type { Entry } from '../queue/entry.ts'
import type { Queue } from '../queue/queue.ts'
import { describe } from '../refusal.ts'
import type { Vhost } from '../vhost.ts'
import { type DeathReason, type History, withDeath, withDeathHeaders } from './history.ts'
import { historyTold } from './told-history.ts'

/**
 * Publishes what queues give up to their dead-letter exchanges (RabbitMQ documentation, dead letter exchanges). One
 * death may cause others, in a queue that overflows for example: they wait their turn in a list, so that no chain of
 * queues is too long. When many have gathered, they are published in the turns that this takes.
 */
export class DeadLetters implements Task {
  isQueued = false
  private readonly vhost: Vhost
  private readonly log: Logger
  private readonly waiting = new Ring<DeadLetter>()
  private readonly cyclesLogged = new Set<string>()
  private isPublishing = false
  private holders = 0
  private heldFrom = 0 // letters that waited when the first holder came

  constructor(vhost: Vhost, log: Logger) {
    this.vhost = vhost
    this.log = log
  }

  /** Publishes what a queue with a dead-letter exchange gives up; only then the queue forgets it. */
  add(letter: DeadLetter): void {
    this.waiting.push(letter)
    if (this.holders === 0) this.publishAdded(this.waiting.length - 1)
  }

  /**
   * Until `release`, dead letters wait: what is done in one go is done in all queues before anything comes round that
   * they give up for it.
   */
  hold(): void {
    if (this.holders === 0) this.heldFrom = this.waiting.length
    this.holders++
  }

  release(): void {
    this.holders--
    if (this.holders > 0 || this.waiting.length === 0) return
    this.publishAdded(this.heldFrom)
  }

  run(): void {
    this.publishAll()
  }

  /** While others wait for the next turn, as many are published as have come, so that they do not become more. */
  private publishAdded(before: number): void {
    if (!this.isQueued) this.publishAll()
    else this.publishDownTo(Math.max(before, this.waiting.length - MOST_AT_ONCE), null)
  }

  private publishAll(): void {
    this.publishDownTo(0, this.vhost.turn.longWorkTime)
    if (this.waiting.length > 0 && !this.isPublishing) this.vhost.turn.addNext(this)
  }

  private publishDownTo(count: number, time: LongWorkTime | null): void {
    if (this.isPublishing) return
    this.isPublishing = true
    while (this.waiting.length > count) {
      const next = this.waiting.shift()
      if (next === undefined) break
      this.publish(next)
      if (next.entry !== null) next.queue.forget(next.entry)
      if (time !== null && !time.goesOn()) break
    }
    this.isPublishing = false
  }

  private publish({ message, queue, reason, entry }: DeadLetter): void {
    const { deadLetterExchange, deadLetterRoutingKey } = queue.settings
    const exchange = this.vhost.exchanges.find(deadLetterExchange ?? '')
    if (exchange === undefined) return
    const { address, properties } = message
    const death = {
      queue: queue.name,
      reason,
      timeSeconds: BigInt(Math.floor(this.vhost.clock.wallTime() / 1000)),
      exchange: address.exchange,
      routingKeys: [address.routingKey, ...(message.extraKeys?.cc ?? [])],
      originalExpiration: properties.expiration,
    }
    const { acquiredCount = 0, failedCount = 0 } = entry ?? {}
    const before = message.history ?? this.historyTold(message)
    const history = withDeath(before, death, { acquiredCount, failedCount })
    const dead = new Message(
      deadLetterRoutingKey === null
        ? address.at(exchange.name)
        : address.to(exchange.name, deadLetterRoutingKey),
      properties.withoutExpiration().withHeaders(withDeathHeaders(message.headers, history)),
      message,
      deadLetterRoutingKey === null ? message.extraKeys : null,
      history,
    )
    const { queues, delays } = this.vhost.route(exchange, dead)
    const targets =
      reason === 'rejected' ? queues : queues.filter((target) => !this.isCycle(target, history))
    this.vhost.enqueue(dead, { queues: targets, delays })
  }

  private historyTold({ headers }: Message): History | null {
    return this.vhost.compat.believesDeathHeaders ? historyTold(headers) : null
  }

  /** A message that comes back to a queue it died in goes round for ever, unless a consumer rejected it since. */
  private isCycle(target: Queue, { deaths }: History): boolean {
    const latest = deaths.findIndex((death) => death.queue === target.name)
    if (latest < 0) return false
    if (deaths.slice(0, latest + 1).some((death) => death.reason === 'rejected')) return false
    if (!this.cyclesLogged.has(target.name)) {
      if (this.cyclesLogged.size === MAX_CYCLES_REMEMBERED) this.cyclesLogged.clear()
      this.cyclesLogged.add(target.name)
      this.log.warn(
        `Message dropped because the ${describe(target)} is reached in a dead-letter cycle: ` +
          deaths.map((death) => death.queue).join(', '),
      )
    }
    return true
  }
}

/** A publish that makes more dead letters than this waits for none of them while others do. */
const MOST_AT_ONCE = 16

/** Of so many queues it is remembered that a cycle has been logged. */
const MAX_CYCLES_REMEMBERED = 1000

/** A message that a queue gives up. */
export interface DeadLetter {
  readonly message: Message
  readonly queue: Queue
  readonly reason: DeathReason
  /** Null for a message that the queue never took. */
  readonly entry: Entry | null
}
