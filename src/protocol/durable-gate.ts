import type { Durability } from '../core/ports.ts'
import { onceDurable } from '../core/until-durable.ts'
import { NOT_DURABLE, type Reading } from './reading.ts'

/** Keeps a connection from being read until storage has caught up with what its client has asked for. */
export class DurableGate {
  private readonly durability: Durability
  private readonly reading: Reading

  constructor(durability: Durability, reading: Reading) {
    this.durability = durability
    this.reading = reading
  }

  /** Calls `action` at once, or when this position is durable; until then nothing more is read. */
  whenDurable(position: number, action: () => void): void {
    const { durability, reading } = this
    if (position <= durability.durable) {
      action()
      return
    }
    reading.pause(NOT_DURABLE)
    onceDurable(durability, position, () => {
      action()
      reading.resume(NOT_DURABLE)
    })
  }

  /**
   * The client has published; `recordedBefore` is what had been recorded before that. Storage that is behind is given
   * the time to write what this has added.
   */
  published(recordedBefore: number): void {
    const { isBehind, recorded } = this.durability
    if (isBehind && recorded > recordedBefore) this.whenDurable(recorded, nothing)
  }
}

function nothing(): void {}
