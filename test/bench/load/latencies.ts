/**
 * Counts durations by their size, to tell their quantiles: 64 classes for each doubling, so that a quantile is off by
 * less than 1.6 %, whatever there is of them, and to note one costs a few nanoseconds.
 */
export class Latencies {
  count = 0
  private readonly counts = new Float64Array(CLASS_COUNT)

  /** Notes a duration of less than 214 s. */
  add(ms: number): void {
    this.counts[classOf((ms * UNITS_PER_MS) | 0)]!++
    this.count++
  }

  clear(): void {
    this.counts.fill(0)
    this.count = 0
  }

  /** In milliseconds; 0.5 is the median. NaN when there are none. */
  quantile(share: number): number {
    if (this.count === 0) return Number.NaN
    const wanted = Math.min(Math.floor(share * this.count), this.count - 1)
    let seen = 0
    for (const [index, count] of this.counts.entries()) {
      seen += count
      if (seen > wanted) return middleOf(index) / UNITS_PER_MS
    }
    return Number.NaN
  }
}

function classOf(units: number): number {
  if (units < CLASSES) return units < 0 ? 0 : units
  const exponent = 31 - Math.clz32(units)
  return (exponent - 5) * CLASSES + ((units >> (exponent - 6)) & (CLASSES - 1))
}

function middleOf(index: number): number {
  if (index < CLASSES) return index
  const exponent = Math.floor(index / CLASSES) + 5
  const width = 2 ** (exponent - 6)
  return 2 ** exponent + ((index % CLASSES) + 0.5) * width
}

/** Durations are told apart down to 0.1 µs. */
const UNITS_PER_MS = 10_000
const CLASSES = 64
const CLASS_COUNT = 27 * CLASSES
