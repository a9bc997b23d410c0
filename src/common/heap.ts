/** A binary heap: the item that `isBefore` puts first comes out first. Push and pop cost log n. */
export class Heap<T> {
  private readonly items: T[] = []
  private readonly isBefore: (a: T, b: T) => boolean

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.isBefore = isBefore
  }

  get length(): number {
    return this.items.length
  }

  peek(): T | undefined {
    return this.items[0]
  }

  push(item: T): void {
    const { items } = this
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!this.isBefore(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  pop(): T | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (items.length > 0 && last !== undefined) this.sink(last)
    return first
  }

  /** Drops all items but those that `isKept` takes. Costs the length. */
  keep(isKept: (item: T) => boolean): void {
    const kept = this.items.filter(isKept)
    this.clear()
    for (const item of kept) this.push(item)
  }

  /** In no particular order. */
  [Symbol.iterator](): Iterator<T> {
    return this.items.values()
  }

  clear(): void {
    this.items.length = 0
  }

  private sink(item: T): void {
    const { items } = this
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.isBefore(items[child + 1]!, items[child]!)) child++
      if (!this.isBefore(items[child]!, item)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
  }
}
