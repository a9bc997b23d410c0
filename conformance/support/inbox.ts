/** Things that arrive, kept until someone asks. */
export class Inbox<T> {
  /** Everything that ever arrived, taken or not. */
  readonly received: T[] = []
  private taken = 0
  private readonly waiting: (() => void)[] = []

  readonly push = (item: T): void => {
    this.received.push(item)
    for (const wake of this.waiting.splice(0)) wake()
  }

  /** The next `count` things, waiting for them if need be. */
  async take(count: number): Promise<T[]> {
    while (this.received.length < this.taken + count) {
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
    this.taken += count
    return this.received.slice(this.taken - count, this.taken)
  }

  async next(): Promise<T> {
    const [item] = await this.take(1)
    return item!
  }
}
