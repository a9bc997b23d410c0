/**
 * A first-in first-out queue in an array whose length is a power of two: push and shift cost the same however long
 * it is. Slots are cleared when their item leaves, and the array halves again when it has become mostly empty.
 */
export class Ring<T> {
  length = 0
  private items: (T | undefined)[] = new Array(MIN_CAPACITY)
  private head = 0
  private mask = MIN_CAPACITY - 1

  push(item: T): void {
    if (this.length > this.mask) this.resize((this.mask + 1) * 2)
    this.items[(this.head + this.length) & this.mask] = item
    this.length++
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.items[this.head]
    this.items[this.head] = undefined
    this.head = (this.head + 1) & this.mask
    this.length--
    if (this.length < this.mask >>> 3 && this.mask >= MIN_CAPACITY) this.resize((this.mask + 1) / 2)
    return item
  }

  peek(): T | undefined {
    return this.items[this.head]
  }

  /** The item `index` places behind the first. */
  at(index: number): T | undefined {
    return index < this.length ? this.items[(this.head + index) & this.mask] : undefined
  }

  /** Puts another item in the place `index` behind the first, which must exist. */
  replace(index: number, item: T): void {
    this.items[(this.head + index) & this.mask] = item
  }

  clear(): void {
    this.items = new Array(MIN_CAPACITY)
    this.head = 0
    this.mask = MIN_CAPACITY - 1
    this.length = 0
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.length; i++) {
      const item = this.items[(this.head + i) & this.mask]
      if (item !== undefined) yield item
    }
  }

  private resize(capacity: number): void {
    const items: (T | undefined)[] = new Array(capacity)
    for (let i = 0; i < this.length; i++) items[i] = this.items[(this.head + i) & this.mask]
    this.items = items
    this.head = 0
    this.mask = capacity - 1
  }
}

const MIN_CAPACITY = 8
