import type { Message } from '../../src/core/message.ts'
import type { StoredQueue } from '../../src/core/ports.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'

/** A store that notes, one line for each change, what it was told and in which order. */
export class JournalStore extends MemoryStore {
  /** `append N BODY in QUEUE, ...` and `settle N in QUEUE`, with messages counted from 1. */
  readonly lines: string[] = []
  private readonly numbers = new Map<number, number>() // of messages, by their positions

  override append(message?: Message, queues: readonly StoredQueue[] = []): number {
    const position = super.append()
    const names = queues.map((queue) => queue.name).join(', ')
    const number = this.numbers.size + 1
    this.numbers.set(position, number)
    this.lines.push(`append ${number} ${message === undefined ? '' : text(message)} in ${names}`)
    return position
  }

  override settle(queue?: StoredQueue, position = 0): void {
    super.settle()
    this.lines.push(`settle ${this.numbers.get(position)} in ${queue?.name}`)
  }

  /** The lines since the last call. */
  take(): readonly string[] {
    return this.lines.splice(0)
  }
}

function text({ body, bodyStart, bodySize }: Message): string {
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}
