import { numberOf } from './numbered-body.ts'

/** Counts what became of the messages 0, 1, 2 ... of a publisher. */
export class Tally {
  received = 0
  duplicated = 0
  outOfOrder = 0
  damaged = 0
  private readonly isSeen: Uint8Array
  private readonly bodySize: number
  private last = -1

  constructor(messageCount: number, bodySize: number) {
    this.isSeen = new Uint8Array(messageCount)
    this.bodySize = bodySize
  }

  take(body: Buffer): void {
    this.received++
    const number = numberOf(body)
    if (number === null || body.length !== this.bodySize || this.isSeen[number] === undefined) {
      this.damaged++
      return
    }
    if (this.isSeen[number] === 1) this.duplicated++
    this.isSeen[number] = 1
    if (number < this.last) this.outOfOrder++
    this.last = number
  }

  /** Those that never came. */
  get lost(): number {
    return this.isSeen.reduce((sum, seen) => sum + 1 - seen, 0)
  }

  get verdict() {
    const { lost, duplicated, outOfOrder, damaged } = this
    return { lost, duplicated, outOfOrder, damaged }
  }
}

/** What a tally says when every message came once, whole and in order. */
export const FLAWLESS: Tally['verdict'] = { lost: 0, duplicated: 0, outOfOrder: 0, damaged: 0 }
