import type { Clock } from './clock.ts'
import { LongWorkTime } from './long-work-time.ts'
import { ReadingTime } from './reading-time.ts'

/** Work that may be asked for many times and is done once. */
export interface Task {
  /** True from `add` until the task runs. Only the run queue writes it. */
  isQueued: boolean
  run(): void
}

/**
 * Does the work of a turn of the event loop after all its input has been read: first the confirms, then every queue
 * that has something to deliver, then one flush per connection. A stage's tasks may add to their own stage and to
 * later ones; what they add to an earlier one is done in the same turn as well.
 *
 * Confirms go before deliveries because of clients that leave Nagle's algorithm on and publish and consume on one
 * connection: an acknowledgement that goes out alone would hold their next publish back for 40 ms.
 *
 * Work that takes long asks `longWorkTime` whether to go on, and comes back with `addNext`; so does reading with
 * `readingTime`.
 */
export class RunQueue {
  readonly longWorkTime: LongWorkTime
  readonly readingTime: ReadingTime
  private readonly stages: Task[][] = [[], [], []]
  private readonly defer: (work: () => void) => void
  private isScheduled = false
  private next: Task[] = []

  /**
   * `defer` calls the work once, later: setImmediate, or what a test passes. Without a clock nothing is left for later
   * turns.
   */
  constructor(defer: (work: () => void) => void, clock: Clock | null = null) {
    this.defer = defer
    this.longWorkTime = new LongWorkTime(clock)
    this.readingTime = new ReadingTime(clock)
  }

  addDispatch(task: Task): void {
    this.add(1, task)
  }

  addConfirm(task: Task): void {
    this.add(0, task)
  }

  addFlush(task: Task): void {
    this.add(2, task)
  }

  /** The task goes on in the next turn, in the stage of deliveries, when what has come until then has been read. */
  addNext(task: Task): void {
    if (task.isQueued) return
    task.isQueued = true
    this.next.push(task)
    if (this.isScheduled) return
    this.isScheduled = true
    this.defer(this.runAll)
  }

  /** Does everything asked for and all that is left of long work, now and from now on. */
  finish(): void {
    this.longWorkTime.release()
    while (this.isScheduled) this.runAll()
  }

  private add(stage: number, task: Task): void {
    if (task.isQueued) return
    task.isQueued = true
    this.stages[stage]!.push(task)
    if (this.isScheduled) return
    this.isScheduled = true
    this.defer(this.runAll)
  }

  /** Does everything asked for, now. */
  readonly runAll = (): void => {
    this.isScheduled = true // what is added from here on is done in this run
    this.longWorkTime.renew()
    if (this.next.length > 0) this.beginNext()
    let stage = 0
    while (stage < this.stages.length) {
      const tasks = this.stages[stage]!
      if (tasks.length === 0) {
        stage++
        continue
      }
      this.stages[stage] = []
      for (const task of tasks) {
        task.isQueued = false
        task.run()
      }
      stage = 0
    }
    this.longWorkTime.renew()
    this.readingTime.renew()
    this.isScheduled = this.next.length > 0
    if (this.isScheduled) this.defer(this.runAll)
  }

  private beginNext(): void {
    this.stages[1]!.push(...this.next)
    this.next = []
  }
}
