import { DeliveryCounters } from '../../core/counters.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { Vhost } from '../../core/vhost.ts'

/**
 * What has been delivered and acknowledged, by the type of queue. Channels count for all types together, and what a queue
 * has counted is gone with it: so the last numbers of quorum queues are kept, and classic ones have the rest. A total never
 * falls.
 */
export class QueueTypeTotals {
  private readonly seen = new Map<Queue, DeliveryCounters>()
  private readonly gone = new DeliveryCounters()

  /** Reads all quorum queues. */
  read(vhosts: Iterable<Vhost>): void {
    const there = new Set<Queue>()
    for (const { queues } of vhosts) {
      for (const queue of queues) {
        if (queue.type !== 'quorum') continue
        there.add(queue)
        this.seen.set(queue, copyOf(queue.counters))
      }
    }
    for (const [queue, counters] of this.seen) {
      if (there.has(queue)) continue
      add(this.gone, counters)
      this.seen.delete(queue)
    }
  }

  /** Of one type, given the sum over all types. */
  of(type: QueueTypeName, name: keyof DeliveryCounters, total: number): number {
    if (type !== 'rabbit_quorum_queue' && type !== 'rabbit_classic_queue') return 0
    let ofQuorum = this.gone[name]
    for (const counters of this.seen.values()) ofQuorum += counters[name]
    return type === 'rabbit_quorum_queue' ? ofQuorum : Math.max(0, total - ofQuorum)
  }
}

/** RabbitMQ's names of types. */
export const QUEUE_TYPES = [
  'rabbit_classic_queue',
  'rabbit_quorum_queue',
  'rabbit_stream_queue',
  'rabbit_volatile_queue',
] as const
export type QueueTypeName = (typeof QUEUE_TYPES)[number]

function copyOf(counters: DeliveryCounters): DeliveryCounters {
  const copy = new DeliveryCounters()
  add(copy, counters)
  return copy
}

function add(sum: DeliveryCounters, counters: DeliveryCounters): void {
  sum.deliver += counters.deliver
  sum.deliverNoAck += counters.deliverNoAck
  sum.get += counters.get
  sum.getNoAck += counters.getNoAck
  sum.getEmpty += counters.getEmpty
  sum.redeliver += counters.redeliver
  sum.ack += counters.ack
}
