/** A list whose items are taken out from anywhere at once, by the link that was made for them. */
export class LinkedList<T> {
  first: Link<T> | null = null
  private last: Link<T> | null = null

  /** Adds a link that is in no list at the end. */
  push(link: Link<T>): void {
    link.previous = this.last
    if (this.last === null) this.first = link
    else this.last.next = link
    this.last = link
  }

  /** Takes out a link that is in this list. */
  remove(link: Link<T>): void {
    const { previous, next } = link
    if (previous === null) this.first = next
    else previous.next = next
    if (next === null) this.last = previous
    else next.previous = previous
    link.previous = null
    link.next = null
  }

  /** Moves the first item behind all others. */
  rotate(): void {
    const { first } = this
    if (first === this.last || first === null) return
    this.remove(first)
    this.push(first)
  }
}

/** The place of an item in a list, or none. Only the list writes what is before and after it. */
export class Link<T> {
  readonly item: T
  previous: Link<T> | null = null
  next: Link<T> | null = null

  constructor(item: T) {
    this.item = item
  }
}
