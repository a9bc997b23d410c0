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
  private unackedPersistentCount = 0
  private unackedPersistentBytes = 0

  /** `isPersistent` says whether it has been counted with `store`, here and below. */
  handOut({ bodySize }: Message, isPersistent: boolean): void {
    this.unackedCount++
    this.unackedBytes += bodySize
    if (!isPersistent) return
    this.unackedPersistentCount++
    this.unackedPersistentBytes += bodySize
  }

  /** What was handed out is settled, or has come back. */
  takeIn({ bodySize }: Message, isPersistent: boolean): void {
    this.unackedCount--
    this.unackedBytes -= bodySize
    if (!isPersistent) return
    this.unackedPersistentCount--
    this.unackedPersistentBytes -= bodySize
  }

  store({ bodySize }: Message): void {
    this.diskWrites++
    this.persistentCount++
    this.persistentBytes += bodySize
  }

  /** A message that was counted with `store` is neither ready nor unacked any more. */
  forget({ bodySize }: Message): void {
    this.persistentCount--
    this.persistentBytes -= bodySize
  }

  /** Nothing is ready any more. */
  purge(): void {
    this.persistentCount = this.unackedPersistentCount
    this.persistentBytes = this.unackedPersistentBytes
  }

  /** What storage held when the broker started. */
  restore(count: number, bytes: number): void {
    this.persistentCount = count
    this.persistentBytes = bytes
  }
}
