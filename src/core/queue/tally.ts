import { QueueCounters } from '../counters.ts'
import type { Message } from '../message.ts'

/** What passes through a queue and what it holds, counted: for whoever watches it. */
export class Tally extends QueueCounters {
  /** Messages handed out and not yet settled. */
  unackedCount = 0
  /** Sum of their bodies, in bytes. */
  unackedBytes = 0
  /** Of ready and unacked messages, those that survive a restart. */
  persistentCount = 0
  persistentBytes = 0

  handOut({ bodySize }: Message): void {
    this.unackedCount++
    this.unackedBytes += bodySize
  }

  /** What was handed out is settled, or has come back. */
  takeIn({ bodySize }: Message): void {
    this.unackedCount--
    this.unackedBytes -= bodySize
  }

  store({ bodySize }: Message): void {
    this.diskWrites++
    this.persistentCount++
    this.persistentBytes += bodySize
  }

  /** The queue is done with a message that it had stored. */
  forget({ bodySize }: Message): void {
    if (this.persistentCount === 0) return
    this.persistentCount--
    this.persistentBytes -= bodySize
  }

  /** Nothing is ready any more. Of what is unacked, nobody has counted the persistent ones: at most these are left. */
  purge(): void {
    this.persistentCount = Math.min(this.persistentCount, this.unackedCount)
    this.persistentBytes = Math.min(this.persistentBytes, this.unackedBytes)
  }

  /** What storage held when the broker started. */
  restore(count: number, bytes: number): void {
    this.persistentCount = count
    this.persistentBytes = bytes
  }
}
