/** What the clients of one queue know for sure of its messages. Whatever contradicts it becomes a fault. */
export class QueueLedger {
  readonly faults: string[] = []
  private readonly queue: string
  private readonly isByPriority: boolean
  private entries = new Map<string, Entry>()

  constructor(queue: string, isByPriority = false) {
    this.queue = queue
    this.isByPriority = isByPriority
  }

  /** How many messages must be in the queue. */
  get owedCount(): number {
    return [...this.entries.values()].filter(isOwed).length
  }

  published(message: Published): void {
    const entry: Entry = { message, isConfirmed: false, isDelivered: false, settling: 'no' }
    this.entries.set(keyOf(message), entry)
  }

  confirmed(message: Published): void {
    const entry = this.entries.get(keyOf(message))
    if (entry !== undefined) entry.isConfirmed = true
  }

  delivered(message: Published, redelivered: boolean): void {
    const entry = this.entries.get(keyOf(message))
    if (entry === undefined) this.fault(message, 'delivered though it was gone')
    else if (entry.settling !== 'no') this.fault(message, 'delivered after it was settled')
    else if (entry.isDelivered && !redelivered) this.fault(message, 'twice without the flag')
    if (entry !== undefined) entry.isDelivered = true
  }

  /** It has been acknowledged or rejected; the broker may not know yet. */
  settled(message: Published): void {
    const entry = this.entries.get(keyOf(message))
    if (entry !== undefined && entry.settling === 'no') entry.settling = 'sent'
  }

  /** What came after its settlement is durable, so that is too. */
  settledForGood(message: Published): void {
    const entry = this.entries.get(keyOf(message))
    if (entry?.settling === 'sent') entry.settling = 'durable'
  }

  /** Everything that a broker had in the queue after it started again. From then on that is what must be there. */
  restored(found: readonly Found[]): void {
    const before = this.entries
    this.entries = new Map()
    for (const { message, redelivered } of found) {
      const key = keyOf(message)
      if (this.entries.has(key)) this.fault(message, 'in the queue twice')
      this.compare(message, redelivered, before.get(key))
      this.entries.set(key, { message, isConfirmed: true, isDelivered: true, settling: 'no' })
    }
    for (const [key, entry] of before) {
      if (isOwed(entry) && !this.entries.has(key)) this.fault(entry.message, 'lost')
    }
    this.lookAtOrder(found.map(({ message }) => message))
  }

  private compare(message: Published, redelivered: boolean, entry: Entry | undefined): void {
    if (entry === undefined) this.fault(message, 'came back though it was gone')
    else if (message.isTransient) this.fault(message, 'came back though it is transient')
    else if (entry.settling === 'durable') this.fault(message, 'came back though it was settled')
    else if (entry.isDelivered && !redelivered) this.fault(message, 'came back without the flag')
  }

  private lookAtOrder(messages: readonly Published[]): void {
    const lastNumbers = new Map<string, number>()
    let lastPriority = Number.POSITIVE_INFINITY
    for (const message of messages) {
      const priority = this.isByPriority ? message.priority : 0
      if (priority > lastPriority) this.fault(message, 'behind one of lower priority')
      lastPriority = priority
      const line = `${message.publisher} ${priority}`
      if (message.number < (lastNumbers.get(line) ?? -1)) this.fault(message, 'out of order')
      lastNumbers.set(line, message.number)
    }
  }

  private fault(message: Published, what: string): void {
    this.faults.push(`${this.queue}: ${keyOf(message)} ${what}`)
  }
}

/** A message as its publisher and the broker's clients tell it from others. */
export interface Published {
  readonly publisher: string
  /** Grows from message to message of a publisher. */
  readonly number: number
  readonly priority: number
  readonly isTransient: boolean
}

export interface Found {
  readonly message: Published
  readonly redelivered: boolean
}

interface Entry {
  readonly message: Published
  isConfirmed: boolean
  isDelivered: boolean
  settling: 'no' | 'sent' | 'durable'
}

function isOwed({ message, isConfirmed, settling }: Entry): boolean {
  return isConfirmed && settling === 'no' && !message.isTransient
}

function keyOf({ publisher, number }: Published): string {
  return `${publisher}/${number}`
}
