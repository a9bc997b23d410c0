/**
 * A set that nearly always holds one item: a Set of its own for each would take several times the memory. Items are
 * visited in the order in which they came.
 */
export class Few<T> {
  private only: T | null
  private all: Set<T> | null = null // from the second item on

  constructor(first: T) {
    this.only = first
  }

  get isEmpty(): boolean {
    return this.only === null && this.all === null
  }

  add(item: T): void {
    if (this.all !== null) this.all.add(item)
    else if (this.only === null) this.only = item
    else if (this.only !== item) {
      this.all = new Set([this.only, item])
      this.only = null
    }
  }

  delete(item: T): void {
    if (this.only === item) this.only = null
    if (this.all?.delete(item) !== true || this.all.size > 1) return
    for (const last of this.all) this.only = last
    this.all = null
  }

  each(visit: (item: T) => void): void {
    if (this.only !== null) visit(this.only)
    else this.all?.forEach(visit)
  }
}
