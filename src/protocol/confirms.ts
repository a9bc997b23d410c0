import { Ring } from '../common/ring.ts'
import type { RunQueue, Task } from '../common/run-queue.ts'
import type { Durability, DurabilityWaiter } from '../core/ports.ts'
import { REJECTED } from '../core/vhost.ts'

/**
 * The confirms that a channel owes its publisher. Publishes count from 1 after confirm.select; each is confirmed when
 * the store says that it is durable, in the order of publishing, with one cumulative ack per turn.
 */
export class Confirms implements Task, DurabilityWaiter {
  isQueued = false
  private readonly turn: RunQueue
  private readonly durability: Durability
  private readonly sender: ConfirmSender
  /** Positions in the store of the publishes after `ready`, in order; REJECTED for one that a queue refused. */
  private readonly positions = new Ring<number>()
  private isWaiting = false
  private ready = 0 // up to here everything may be confirmed
  private confirmed = 0 // up to here it has been

  constructor(turn: RunQueue, durability: Durability, sender: ConfirmSender) {
    this.turn = turn
    this.durability = durability
    this.sender = sender
  }

  /**
   * Counts one more publish. `position` is its place in the store, 0 when there is nothing to wait for, REJECTED when
   * a queue was too full to take it.
   */
  expect(position: number): void {
    if (this.positions.length > 0 || position > this.durability.durable) {
      this.positions.push(position)
      this.wait()
    } else this.answer(position)
  }

  /** Publishes that wait for their confirm. */
  get unconfirmedCount(): number {
    return this.positions.length + this.ready - this.confirmed
  }

  onDurable(durable: number): void {
    this.isWaiting = false
    for (let next = this.positions.peek(); next !== undefined; next = this.positions.peek()) {
      if (next > durable) break
      this.positions.shift()
      this.answer(next)
    }
    if (this.positions.length > 0) this.wait()
  }

  run(): void {
    const count = this.ready - this.confirmed
    if (count === 0) return
    this.confirmed = this.ready
    this.sender.sendAck(this.ready, count > 1)
  }

  /** Acks gather until the end of the turn; a nack goes out behind those before it. */
  private answer(position: number): void {
    if (position === REJECTED) {
      this.run()
      this.ready++
      this.confirmed = this.ready
      this.sender.sendNack(this.ready)
      return
    }
    this.ready++
    this.turn.addConfirm(this)
  }

  private wait(): void {
    if (this.isWaiting) return
    this.isWaiting = true
    this.durability.whenDurable(this)
  }
}

/** Writes basic.ack and basic.nack of the server. */
export interface ConfirmSender {
  sendAck(tag: number, multiple: boolean): void
  sendNack(tag: number): void
}
