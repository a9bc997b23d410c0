/** Numbers whose quantiles are asked for at the end. */
export class Samples {
  private values = new Float64Array(65_536)
  private count = 0

  add(value: number): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.count * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.count++] = value
  }

  clear(): void {
    this.count = 0
  }

  /** 0.5 is the median; NaN when there are none. */
  quantile(share: number): number {
    const sorted = this.values.subarray(0, this.count).sort()
    return sorted[Math.min(this.count - 1, Math.floor(share * this.count))] ?? Number.NaN
  }
}
