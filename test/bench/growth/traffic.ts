import type { LoadConnection } from '../load/connection.ts'
import type { DeliveryCounter } from './delivery-counter.ts'

/** What a publisher sends in one write. */
export interface Batch {
  readonly bytes: Buffer
  /** Messages in it, which is as many deliveries. */
  readonly count: number
}

/** A connection, and the batches that it sends in turn. */
export interface Publisher {
  readonly connection: LoadConnection
  readonly batches: readonly Batch[]
}

export interface TrafficWish {
  readonly publishers: readonly Publisher[]
  readonly consumers: readonly DeliveryCounter[]
  /** Most messages published and not yet received, or not yet acknowledged where there are acknowledgements. */
  readonly window: number
  /** Messages that one acknowledgement is for, of the only consumer; 0 where consumers take them without. */
  readonly ackEvery: number
}

/**
 * Messages go round at full speed: publishers take turns in sending, as long as the window has room. A consumer that
 * acknowledges never takes more than was published since the traffic began, so a backlog stays as long as it was.
 */
export class Traffic {
  private readonly wish: TrafficWish
  private readonly cursors: Int32Array // of each publisher, its next batch
  private turn = 0 // the publisher that is next
  private sent = 0
  private isRunning = false
  private finished = () => {}
  /** Messages that have gone all the way. */
  done = 0

  constructor(wish: TrafficWish) {
    this.wish = wish
    this.cursors = new Int32Array(wish.publishers.length)
    for (const consumer of wish.consumers) {
      consumer.onProgress = (count) => this.onProgress(consumer, count)
    }
    for (const { connection } of wish.publishers) connection.socket.on('drain', () => this.pump())
  }

  start(): void {
    this.isRunning = true
    this.pump()
  }

  /** Publishes no more; resolves when everything has gone all the way. */
  async stop(): Promise<void> {
    this.isRunning = false
    if (this.isIdle) return
    await new Promise<void>((resolve) => {
      this.finished = resolve
    })
  }

  private get isIdle(): boolean {
    return this.sent - this.done <= this.wish.ackEvery
  }

  private onProgress(consumer: DeliveryCounter, count: number): void {
    if (this.wish.ackEvery === 0) this.done += count
    else this.ack(consumer)
    if (this.isRunning) this.pump()
    else if (this.isIdle) this.finished()
  }

  private ack(consumer: DeliveryCounter): void {
    const { ackEvery } = this.wish
    const due = Math.min(consumer.received, this.sent) - consumer.acked
    if (due >= ackEvery) consumer.ack(consumer.acked + due - (due % ackEvery))
    this.done = consumer.acked
  }

  /** What a consumer has from a backlog may be acknowledged as soon as as much has been sent. */
  private pump(): void {
    this.send()
    const { consumers, ackEvery } = this.wish
    if (ackEvery > 0) for (const consumer of consumers) this.ack(consumer)
  }

  private send(): void {
    const { publishers, window } = this.wish
    let room = window - (this.sent - this.done)
    for (let full = 0; this.isRunning && full < publishers.length; this.turn++) {
      const index = this.turn % publishers.length
      const { connection, batches } = publishers[index]!
      if (connection.socket.writableNeedDrain) {
        full++
        continue
      }
      const batch = batches[this.cursors[index]! % batches.length]!
      if (batch.count > room) return
      this.cursors[index]!++
      connection.socket.write(batch.bytes)
      room -= batch.count
      this.sent += batch.count
      full = 0
    }
  }
}
