import type { Clock } from '../common/clock.ts'
import type { Deadlines } from '../common/deadlines.ts'
import { Heap } from '../common/heap.ts'
import { type FieldValue, integerOf, textOf } from '../common/table.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { Message } from './message.ts'
import { WakeUp } from './queue/wake-up.ts'

/** The messages that exchanges of type x-delayed-message hold back, behind one deadline. */
export class Delays {
  private readonly clock: Clock
  private readonly release: (exchange: Exchange, message: Message) => void
  private readonly heap = new Heap<DelayedMessage>(
    (a, b) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence),
  )
  private readonly wakeUp: WakeUp
  private nextSequence = 0

  constructor(
    clock: Clock,
    deadlines: Deadlines,
    release: (exchange: Exchange, message: Message) => void,
  ) {
    this.clock = clock
    this.release = release
    this.wakeUp = new WakeUp(clock, deadlines, () => this.releaseDue())
  }

  add(exchange: Exchange, message: Message, delayMs: number): void {
    const dueMs = this.clock.now() + delayMs
    this.heap.push({ exchange, message, dueMs, sequence: this.nextSequence++ })
    exchange.delayedCount++
    this.wakeUp.at(dueMs)
  }

  /** Drops what is held back for an exchange that is deleted. */
  forget(exchange: Exchange): void {
    if (exchange.delayedCount === 0) return
    exchange.delayedCount = 0
    this.heap.keep((held) => held.exchange !== exchange)
    if (this.heap.length === 0) this.wakeUp.cancel()
  }

  private releaseDue(): void {
    const now = this.clock.now()
    for (let next = this.heap.peek(); next !== undefined; next = this.heap.peek()) {
      if (next.dueMs > now) break
      this.heap.pop()
      next.exchange.delayedCount--
      this.release(next.exchange, withDelayOver(next.message))
    }
    const next = this.heap.peek()
    if (next !== undefined) this.wakeUp.at(next.dueMs)
  }
}

interface DelayedMessage {
  readonly exchange: Exchange
  readonly message: Message
  readonly dueMs: number
  /** Messages that are due at the same time keep their order. */
  readonly sequence: number
}

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
