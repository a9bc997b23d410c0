import { erlangTerm } from '../../common/erlang-term.ts'
import { type FieldValue, type Table, textOf } from '../../common/table.ts'
import type { Message } from '../message.ts'
import type { Entry } from './entry.ts'

/**
 * `x-message-deduplication` of a queue: a message whose `x-deduplication-header` equals that of one in the queue is
 * dropped (message deduplication plug-in). A message is in the queue until it is settled.
 */
export class Deduplication {
  private readonly holders = new Map<string, Entry>()

  /** Null for a queue that does not ask for it. */
  static of(args: Table): Deduplication | null {
    const field = args.get('x-message-deduplication')
    const isOn = field?.type === 'bool' ? field.value : textOf(field) === 'true'
    return isOn ? new Deduplication() : null
  }

  /** False when the queue has such a message already. */
  admit(entry: Entry): boolean {
    const key = deduplicationKey(entry.message)
    if (key === null) return true
    if (this.holders.has(key)) return false
    this.holders.set(key, entry)
    return true
  }

  release(entry: Entry): void {
    const key = deduplicationKey(entry.message)
    if (key !== null && this.holders.get(key) === entry) this.holders.delete(key)
  }
}

/** What makes a message the same as another; null for one that says nothing of it. */
export function deduplicationKey(message: Message): string | null {
  const field: FieldValue | undefined = message.headers.get('x-deduplication-header')
  return field === undefined ? null : `${field.type} ${erlangTerm(field)}`
}
