/** Random choices that can be repeated from a seed. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  /** From 0 to below 1. */
  share(): number {
    // mulberry32: a counter, stirred
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  from(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1))
  }

  isTrue(probability: number): boolean {
    return this.share() < probability
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.from(0, values.length - 1)]!
  }
}
