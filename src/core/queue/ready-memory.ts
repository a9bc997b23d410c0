/**
 * The memory that the ready messages of all queues of a broker take together. What does not fit lies in storage alone,
 * if storage can hold it. A number in bytes counts bodies and `ENTRY_SIZE` for each message.
 */
export class ReadyMemory {
  usedBytes = 0
  /** Above this a queue keeps no more than its minimum in memory. */
  limitBytes: number
  /** So many messages and bytes of bodies every queue may keep, whatever the others have. */
  readonly minCount: number
  readonly minBytes: number
  /** What is brought back from storage at once takes about so much. */
  readonly readBytes: number

  constructor(limits: Partial<ReadyLimits> = {}) {
    this.limitBytes = limits.limitBytes ?? 134_217_728
    this.minCount = limits.minCount ?? 1000
    this.minBytes = limits.minBytes ?? 262_144
    this.readBytes = limits.readBytes ?? 1_048_576
  }

  get isFull(): boolean {
    return this.usedBytes >= this.limitBytes
  }
}

export interface ReadyLimits {
  readonly limitBytes: number
  readonly minCount: number
  readonly minBytes: number
  readonly readBytes: number
}

/** Memory that a message takes beside its body, estimated, in bytes. */
export const ENTRY_SIZE = 400
