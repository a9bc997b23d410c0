import { Ring } from '../common/ring.ts'
import type { RunQueue, Task } from '../common/run-queue.ts'
import type { Durability, DurabilityWaiter } from '../core/ports.ts'

/**
 * The confirms that a channel owes its publisher. Publishes count from 1 after confirm.select; each is confirmed when
 * the store says that it is durable, in the order of publishing, with one cumulative ack per turn.
 */
export class Confirms implements Task, DurabilityWaiter {
  isQueued = false
  private readonly turn: RunQueue
  private readonly durability: Durability
  private readonly sendAck: (tag: number, multiple: boolean) => void
  /** Positions in the store of the publishes after `ready`, in order. */
  private readonly positions = new Ring<number>()
  private isWaiting = false
  private ready = 0 // up to here everything may be confirmed
  private confirmed = 0 // up to here it has been

  constructor(
    turn: RunQueue,
    durability: Durability,
    sendAck: (tag: number, multiple: boolean) => void,
  ) {
    this.turn = turn
    this.durability = durability
    this.sendAck = sendAck
  }

  /** Counts one more publish. `position` is its place in the store, 0 when there is nothing to wait for. */
  expect(position: number): void {
    if (this.positions.length === 0 && position <= this.durability.durable) {
      this.ready++
      this.turn.addConfirm(this)
      return
    }
    this.positions.push(position)
    this.wait()
  }

  onDurable(durable: number): void {
    this.isWaiting = false
    for (let next = this.positions.peek(); next !== undefined; next = this.positions.peek()) {
      if (next > durable) break
      this.positions.shift()
      this.ready++
    }
    if (this.ready > this.confirmed) this.turn.addConfirm(this)
    if (this.positions.length > 0) this.wait()
  }

  run(): void {
    const count = this.ready - this.confirmed
    if (count === 0) return
    this.confirmed = this.ready
    this.sendAck(this.ready, count > 1)
  }

  private wait(): void {
    if (this.isWaiting) return
    this.isWaiting = true
    this.durability.whenDurable(this)
  }
}
