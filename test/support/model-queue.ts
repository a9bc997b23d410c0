/** What a queue of the model is declared with. */
export interface ModelSpec {
  readonly type: 'classic' | 'quorum'
  readonly ttlMs: number | null
  readonly maxLength: number | null
  readonly maxBytes: number | null
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx'
  /** The queue that gets its dead letters, by the default exchange; null for none. */
  readonly deadTo: string | null
  /** 0 for none; classic only. */
  readonly maxPriority: number
  readonly isSingleActive: boolean
  /** Quorum only; null for the default of 20. */
  readonly deliveryLimit: number | null
}

/** Limits that a policy sets for one queue. */
export type ModelPolicy = Partial<Pick<ModelSpec, 'ttlMs' | 'maxLength'>>

export interface ModelMessage {
  readonly id: number
  readonly size: number
  readonly priority: number
  readonly expirationMs: number | null
  /** Most recent first. */
  readonly deaths: readonly ModelDeath[]
}

export interface ModelDeath {
  readonly queue: string
  readonly reason: string
  readonly count: number
}

/** A message in a queue. */
export interface ModelEntry {
  readonly message: ModelMessage
  readonly queue: ModelQueue
  readonly sequence: number
  readonly expiresAtMs: number
  redelivered: boolean
  returns: number
}

export interface ModelConsumer {
  readonly tag: string
  readonly channel: number
  readonly queue: ModelQueue
  readonly noAck: boolean
  /** 0 for no limit. */
  readonly prefetch: number
  readonly priority: number
  held: number
}

/** A queue in plain lists: the order is computed anew for every question. */
export class ModelQueue {
  readonly name: string
  readonly spec: ModelSpec
  policy: ModelPolicy = {}
  isDeleted = false
  readonly consumers: ModelConsumer[] = []
  private entries: ModelEntry[] = []
  private returned: ModelEntry[] = [] // of a quorum queue, in the order in which they came back
  private nextSequence = 1

  constructor(name: string, spec: ModelSpec) {
    this.name = name
    this.spec = spec
  }

  get maxLength(): number {
    return Math.min(this.spec.maxLength ?? Infinity, this.policy.maxLength ?? Infinity)
  }

  get hasPriorities(): boolean {
    return this.spec.type === 'quorum' || this.spec.maxPriority > 0
  }

  /** Ready messages in the order in which they are handed out. */
  get ready(): readonly ModelEntry[] {
    const fresh = this.entries.toSorted(
      (a, b) => this.levelOf(b) - this.levelOf(a) || a.sequence - b.sequence,
    )
    return [...this.returned, ...fresh]
  }

  /** The messages that are looked at for expiry. */
  get heads(): readonly ModelEntry[] {
    const byLevel = new Map<number, ModelEntry>()
    for (const entry of this.entries.toSorted((a, b) => a.sequence - b.sequence)) {
      const level = this.levelOf(entry)
      if (!byLevel.has(level)) byLevel.set(level, entry)
    }
    const fresh = [...byLevel].sort(([a], [b]) => a - b).map(([, entry]) => entry)
    return [...this.returned.slice(0, 1), ...fresh]
  }

  newEntry(message: ModelMessage, nowMs: number): ModelEntry {
    const ttlMs = Math.min(
      this.spec.ttlMs ?? Infinity,
      this.policy.ttlMs ?? Infinity,
      message.expirationMs ?? Infinity,
    )
    return {
      message,
      queue: this,
      sequence: this.nextSequence++,
      expiresAtMs: nowMs + ttlMs,
      redelivered: false,
      returns: 0,
    }
  }

  add(entry: ModelEntry): void {
    this.entries.push(entry)
  }

  putBack(entry: ModelEntry): void {
    if (this.spec.type === 'quorum') this.returned.push(entry)
    else this.entries.push(entry)
  }

  remove(entry: ModelEntry): void {
    this.entries = this.entries.filter((other) => other !== entry)
    this.returned = this.returned.filter((other) => other !== entry)
  }

  purge(): void {
    this.entries = []
    this.returned = []
  }

  isOverLimit(): boolean {
    return this.ready.length > this.maxLength || this.bytes > (this.spec.maxBytes ?? Infinity)
  }

  /** Whether a queue that rejects has no room for one more message. */
  isFullFor({ size }: ModelMessage): boolean {
    if (this.spec.type === 'quorum') return this.isOverLimit()
    const isTooLong = this.ready.length + 1 > this.maxLength
    return isTooLong || this.bytes + size > (this.spec.maxBytes ?? Infinity)
  }

  /** Consumers that may be given a message now. */
  get takers(): readonly ModelConsumer[] {
    const candidates = this.spec.isSingleActive ? this.consumers.slice(0, 1) : this.consumers
    const able = candidates.filter(
      ({ noAck, prefetch, held }) => noAck || prefetch === 0 || held < prefetch,
    )
    const highest = Math.max(...able.map((consumer) => consumer.priority))
    return able.filter((consumer) => consumer.priority === highest)
  }

  private get bytes(): number {
    return this.ready.reduce((sum, entry) => sum + entry.message.size, 0)
  }

  private levelOf({ message }: ModelEntry): number {
    return Math.min(message.priority, this.spec.maxPriority)
  }
}
