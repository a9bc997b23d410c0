/**
 * Samples of a few numbers that belong together, taken every few seconds: the newest ones in full, older ones at longer
 * steps, as RabbitMQ keeps them (its `sample_retention_policies`). A sample that says the same as the one before takes
 * no memory: what does not change keeps one row.
 */
export class History {
  private readonly series: readonly Series[]
  private readonly budget: SampleBudget
  private latest: number[]
  private before: number[]
  private latestMs = 0
  private beforeMs = 0
  /** When the numbers changed last, in milliseconds since 1970; 0 for never. */
  changedAtMs = 0

  constructor(width: number, tiers: readonly Tier[], budget: SampleBudget) {
    this.series = tiers.map((tier) => new Series(width, tier))
    this.budget = budget
    this.latest = zeros(width)
    this.before = zeros(width)
  }

  /** Takes a sample; times only go forward. */
  add(timeMs: number, values: Float64Array): void {
    const { before } = this
    this.before = this.latest
    this.beforeMs = this.latestMs
    copy(values, before, 0)
    this.latest = before
    this.latestMs = timeMs
    if (this.beforeMs === 0) copy(values, this.before, 0)
    const isChanged = !isSame(this.latest, this.before)
    if (isChanged || this.beforeMs === 0) this.changedAtMs = timeMs
    for (const series of this.series) series.add(timeMs, values, this.budget)
  }

  /** Change per second between the two newest samples. */
  rate(column: number): number {
    const seconds = (this.latestMs - this.beforeMs) / 1000
    if (this.beforeMs === 0 || seconds <= 0) return 0
    return (this.latest[column]! - this.before[column]!) / seconds
  }

  /** The value at these times, newest first, as far back as there are samples. */
  samples(column: number, { ageSeconds, stepSeconds }: SampleRange): readonly Sample[] {
    const stepMs = stepSeconds * 1000
    const newestMs = Math.floor(this.latestMs / stepMs) * stepMs
    const series = this.series.find(({ tier }) => tier.ageSeconds >= ageSeconds)
    const kept = series ?? this.series.at(-1)
    return kept?.samples(column, newestMs, newestMs - ageSeconds * 1000, stepMs) ?? []
  }

  /** Gives back what it took of the budget. */
  drop(): void {
    for (const series of this.series) series.drop(this.budget)
  }
}

export interface SampleRange {
  readonly ageSeconds: number
  readonly stepSeconds: number
}

export interface Sample {
  readonly sample: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** For so long, a sample every so often. */
export interface Tier {
  readonly ageSeconds: number
  readonly stepSeconds: number
}

/** Memory that all histories share; without room in it, one forgets its oldest samples sooner. */
export class SampleBudget {
  private leftBytes: number

  constructor(bytes: number) {
    this.leftBytes = bytes
  }

  take(bytes: number): boolean {
    if (bytes > this.leftBytes) return false
    this.leftBytes -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.leftBytes += bytes
  }
}

/** The samples of one tier in a ring that grows as far as its tier and the budget let it. */
class Series {
  readonly tier: Tier
  private readonly rowSize: number // the time and the values
  private rows: number[]
  private start = 0
  private count = 0
  private takenBytes = 0
  private latestMs = Number.NEGATIVE_INFINITY

  constructor(width: number, tier: Tier) {
    this.tier = tier
    this.rowSize = width + 1
    this.rows = zeros(this.rowSize * FIRST_ROWS)
  }

  add(timeMs: number, values: Float64Array, budget: SampleBudget): void {
    if (timeMs - this.latestMs < this.tier.stepSeconds * 1000 - JITTER_MS) return
    this.latestMs = timeMs
    if (this.count > 0 && this.isLatest(values)) return
    if (this.count * this.rowSize === this.rows.length && !this.grow(budget)) this.forgetOldest()
    const at = this.offset(this.count)
    this.rows[at] = timeMs
    copy(values, this.rows, at + 1)
    this.count++
  }

  /** The value at each time from the newest to the oldest, as far back as there are samples. */
  samples(column: number, newestMs: number, oldestMs: number, stepMs: number): readonly Sample[] {
    const samples: Sample[] = []
    let row = this.count - 1
    for (let at = newestMs; at >= oldestMs; at -= stepMs) {
      while (row >= 0 && this.rows[this.offset(row)]! > at) row--
      if (row < 0) break
      samples.push({ sample: this.rows[this.offset(row) + 1 + column]!, timestamp: at })
    }
    return samples
  }

  drop(budget: SampleBudget): void {
    budget.giveBack(this.takenBytes)
    this.takenBytes = 0
  }

  private isLatest(values: Float64Array): boolean {
    const at = this.offset(this.count - 1) + 1
    for (let i = 0; i < values.length; i++) if (values[i] !== this.rows[at + i]) return false
    return true
  }

  private offset(row: number): number {
    return ((this.start + row) * this.rowSize) % this.rows.length
  }

  private forgetOldest(): void {
    this.start = (this.start + 1) % (this.rows.length / this.rowSize)
    this.count--
  }

  private grow(budget: SampleBudget): boolean {
    const most = Math.ceil(this.tier.ageSeconds / this.tier.stepSeconds) + 1
    const rows = Math.min(this.count * 2, most)
    const bytes = (rows - this.count) * this.rowSize * NUMBER_SIZE
    if (rows === this.count || !budget.take(bytes)) return false
    this.takenBytes += bytes
    const oldestAt = this.offset(0)
    const inOrder = this.rows.slice(oldestAt).concat(this.rows.slice(0, oldestAt))
    this.rows = inOrder.concat(zeros((rows - this.count) * this.rowSize))
    this.start = 0
    return true
  }
}

/** Typed arrays, with their memory outside the heap, would take 1 KiB more for an idle connection and its channel. */
function zeros(length: number): number[] {
  return new Array<number>(length).fill(0)
}

function copy(from: Float64Array, to: number[], at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]!
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const FIRST_ROWS = 2

/** In bytes. */
const NUMBER_SIZE = 8

/** A timer fires a little early or late. */
const JITTER_MS = 500
