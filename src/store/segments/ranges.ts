/** A set of whole numbers that mostly come in runs: kept as ranges, so that a million in a row cost no more than one. */
export class Ranges {
  /** From, to, from, to and so on, rising, both included; ranges never touch. */
  private readonly bounds: number[]

  constructor(bounds: number[] = []) {
    this.bounds = bounds
  }

  /** From, to, from, to and so on. */
  get flat(): readonly number[] {
    return this.bounds
  }

  has(value: number): boolean {
    const at = this.firstEndingAt(value)
    return at < this.bounds.length && this.bounds[at]! <= value
  }

  /** Adds all from `from` to `to`, both included; returns how many of them are new. */
  add(from: number, to: number): number {
    const { bounds } = this
    const last = bounds.length - 1
    if (last < 0 || from > bounds[last]! + 1) {
      bounds.push(from, to)
      return to - from + 1
    }
    if (from === bounds[last]! + 1) {
      bounds[last] = to
      return to - from + 1
    }
    return this.merge(from, to)
  }

  addAll(others: Ranges): void {
    const { bounds } = others
    for (let i = 0; i < bounds.length; i += 2) this.add(bounds[i]!, bounds[i + 1]!)
  }

  /** The smallest number from `value` on that is not in the set. */
  next(value: number): number {
    const at = this.firstEndingAt(value)
    return at < this.bounds.length && this.bounds[at]! <= value ? this.bounds[at + 1]! + 1 : value
  }

  private merge(from: number, to: number): number {
    const { bounds } = this
    const start = this.firstEndingAt(from - 1)
    let end = start
    let known = 0
    let low = from
    let high = to
    while (end < bounds.length && bounds[end]! <= to + 1) {
      const [first, last] = [bounds[end]!, bounds[end + 1]!]
      known += Math.max(0, Math.min(last, to) - Math.max(first, from) + 1)
      low = Math.min(low, first)
      high = Math.max(high, last)
      end += 2
    }
    bounds.splice(start, end - start, low, high)
    return to - from + 1 - known
  }

  /** Where the first range begins in `bounds` that ends at `value` or later. */
  private firstEndingAt(value: number): number {
    const { bounds } = this
    let low = 0
    let high = bounds.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bounds[middle * 2 + 1]! < value) low = middle + 1
      else high = middle
    }
    return low * 2
  }
}
