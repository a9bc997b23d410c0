import { Latencies } from './latencies.ts'

/** What the publishers and consumers of one load know of each other. */
export class Traffic {
  published = 0
  delivered = 0
  confirmed = 0
  lastDeliveryMs = 0
  readonly endToEnd = new Latencies()
  readonly confirms = new Latencies()
  private readonly copies: number
  private readonly window: number
  private readonly rate: number
  private beginMs = 0

  /** `copies` are the deliveries that a message leads to; a window or rate of 0 is none. */
  constructor(copies: number, window: number, rate: number) {
    this.copies = copies
    this.window = window
    this.rate = rate
  }

  begin(): void {
    this.beginMs = performance.now()
  }

  /** How many messages may be published now. */
  allowance(): number {
    if (this.rate > 0) {
      return Math.floor((this.rate * (performance.now() - this.beginMs)) / 1000) - this.published
    }
    if (this.window === 0) return Number.POSITIVE_INFINITY
    return this.window - (this.published - Math.floor(this.delivered / this.copies))
  }

  get isDelivered(): boolean {
    return this.delivered >= this.published * this.copies
  }
}
