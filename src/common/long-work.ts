import type { RunQueue, Task } from './run-queue.ts'

/**
 * Does the same with many things, one after the other, in the turns that this takes, in the time that all long work of a
 * turn shares. The first turn begins with `run`. Long work of another shape is a task that asks `LongWorkTime` itself.
 */
export class LongWork<T> implements Task {
  isQueued = false
  isDone = false
  private readonly items: Iterator<T>
  private readonly turn: RunQueue
  private readonly work: (item: T) => void
  private readonly whenDone: () => void

  /** `whenDone` is called once, after the last of them. */
  constructor(
    items: Iterable<T>,
    turn: RunQueue,
    work: (item: T) => void,
    whenDone: () => void = () => {},
  ) {
    this.items = items[Symbol.iterator]()
    this.turn = turn
    this.work = work
    this.whenDone = whenDone
  }

  run(): void {
    while (this.doNext()) {
      if (this.turn.longWorkTime.goesOn()) continue
      this.turn.addNext(this)
      return
    }
  }

  /** Does what is left now. */
  finish(): void {
    while (this.doNext());
  }

  private doNext(): boolean {
    if (this.isDone) return false
    const { done, value } = this.items.next()
    if (done === true) {
      this.isDone = true
      this.whenDone()
      return false
    }
    this.work(value)
    return true
  }
}
