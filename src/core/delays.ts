import type { Clock } from '../common/clock.ts'
import type { Deadlines } from '../common/deadlines.ts'
import { Heap } from '../common/heap.ts'
import type { RunQueue, Task } from '../common/run-queue.ts'
import { type FieldValue, integerOf, textOf } from '../common/table.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { Message } from './message.ts'
import type { Holder, Lane, MessageStore } from './ports.ts'
import { WakeUp } from './queue/wake-up.ts'
import type { Delay } from './route.ts'

/** What holding messages back needs from around it. */
export interface DelaysHost {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly messages: MessageStore
  readonly turn: RunQueue
}

/**
 * The messages that exchanges of type x-delayed-message hold back, behind one deadline. Those that are persistent, and
 * held by a durable exchange, are stored until they have been routed. When many are due at once, they are routed in the
 * turns that this takes.
 */
export class Delays implements Task {
  isQueued = false
  private readonly host: DelaysHost
  private readonly release: (exchange: Exchange, message: Message) => void
  private readonly heap = new Heap<DelayedMessage>(
    (a, b) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence),
  )
  private readonly holders = new Map<Exchange, ExchangeHolder>()
  private readonly wakeUp: WakeUp
  private nextSequence = 0

  constructor(host: DelaysHost, release: (exchange: Exchange, message: Message) => void) {
    this.host = host
    this.release = release
    this.wakeUp = new WakeUp(host.clock, host.deadlines, () => this.run())
  }

  /**
   * Holds a message back in all these; returns its position in the store, 0 when it is not stored. An exchange that has
   * been deleted since the message was routed drops it.
   */
  addAll(delays: readonly Delay[], message: Message): number {
    let position = 0
    for (const { exchange, delayMs } of delays) {
      if (exchange.isDeleted) continue
      position = Math.max(position, this.add(exchange, message, delayMs))
    }
    return position
  }

  /** Takes over what storage held for an exchange when the broker started. */
  restore(exchange: Exchange): void {
    const { clock, messages } = this.host
    const { vhost, name } = exchange
    if (messages.levelsOf({ vhost, kind: 'exchange', name }).length === 0) return
    const { lane } = this.holderOf(exchange)
    const sinceEpochMs = clock.wallTime() - clock.now()
    for (let from = 1; from <= lane.latest; ) {
      const reading = lane.read(from, lane.latest, READ_BYTES)
      for (const { message, ordinal, timeMs } of reading.messages) {
        this.push(exchange, message, timeMs - sinceEpochMs, ordinal)
      }
      from = reading.next
    }
  }

  /** Routes what is due. */
  run(): void {
    const { clock, turn } = this.host
    const now = clock.now()
    for (let next = this.heap.peek(); next !== undefined; next = this.heap.peek()) {
      if (next.dueMs > now) {
        this.wakeUp.at(next.dueMs)
        return
      }
      this.heap.pop()
      this.releaseOne(next)
      if (turn.longWorkTime.goesOn()) continue
      turn.addNext(this)
      return
    }
  }

  /** Drops what is held back for an exchange that is deleted. */
  forget(exchange: Exchange): void {
    this.holders.get(exchange)?.lane.drop()
    this.holders.delete(exchange)
    if (exchange.delayedCount === 0) return
    exchange.delayedCount = 0
    this.heap.keep((held) => held.exchange !== exchange)
    if (this.heap.length === 0) this.wakeUp.cancel()
  }

  private add(exchange: Exchange, message: Message, delayMs: number): number {
    const { clock, messages } = this.host
    const isStored = exchange.durable && message.isPersistent
    let position = 0
    let ordinal = 0
    if (isStored) {
      const holder = this.holderOf(exchange)
      holder.dueTimeMs = clock.wallTime() + delayMs
      position = messages.append(message, [holder])
      ordinal = holder.lane.latest
    }
    this.push(exchange, message, clock.now() + delayMs, ordinal)
    return position
  }

  private push(exchange: Exchange, message: Message, dueMs: number, ordinal: number): void {
    this.heap.push({ exchange, message, dueMs, sequence: this.nextSequence++, ordinal })
    exchange.delayedCount++
    this.wakeUp.at(dueMs)
  }

  private releaseOne({ exchange, message, ordinal }: DelayedMessage): void {
    exchange.delayedCount--
    this.release(exchange, withDelayOver(message))
    if (ordinal !== 0) this.holders.get(exchange)?.lane.settle(ordinal, message.bodySize)
  }

  private holderOf(exchange: Exchange): ExchangeHolder {
    const known = this.holders.get(exchange)
    if (known !== undefined) return known
    const { vhost, name, durable } = exchange
    const lane = this.host.messages.lane({ vhost, kind: 'exchange', name, level: 0, durable })
    const holder = new ExchangeHolder(lane)
    this.holders.set(exchange, holder)
    return holder
  }
}

/** An exchange that holds messages back, as storage sees it. */
class ExchangeHolder implements Holder {
  readonly lane: Lane
  /** When the message is due that is being stored, in milliseconds since 1970. */
  dueTimeMs = 0

  constructor(lane: Lane) {
    this.lane = lane
  }

  laneOf(): Lane {
    return this.lane
  }

  timeOf(): number {
    return this.dueTimeMs
  }
}

interface DelayedMessage {
  readonly exchange: Exchange
  readonly message: Message
  readonly dueMs: number
  /** Messages that are due at the same time keep their order. */
  readonly sequence: number
  /** In the lane of the exchange; 0 when it is not stored. */
  readonly ordinal: number
}

/** Bodies that are read at once, in bytes. */
const READ_BYTES = 1_048_576

/** The header tells the consumer of the delay, with the sign changed so that it is not delayed again. */
function withDelayOver(message: Message): Message {
  const headers = new Map(message.headers)
  const field = headers.get('x-delay')
  if (field !== undefined) headers.set('x-delay', negated(field))
  return message.withHeaders(headers)
}

function negated(field: FieldValue): FieldValue {
  if (field.type === 'float' || field.type === 'double') {
    return { type: field.type, value: -field.value }
  }
  const text = textOf(field)
  const value = text === null ? integerOf(field) : Number(text)
  return { type: 'long', value: BigInt(-(value ?? 0)) }
}
