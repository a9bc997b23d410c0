import { expect } from 'vitest'
import {
  type ModelConsumer,
  type ModelDeath,
  type ModelEntry,
  type ModelMessage,
  ModelQueue,
  type ModelSpec,
} from './model-queue.ts'

/** A delivery that a client has seen. */
export interface Sighting {
  readonly id: number
  readonly channel: number
  readonly tag: number
  readonly redelivered: boolean
  /** `queue reason count`, most recent first. */
  readonly deaths: readonly string[]
  /** x-delivery-count; 0 when there is none. */
  readonly returns: number
  readonly consumerTag: string
}

export type ModelOutcome = 'ack' | 'reject' | 'requeue'

/**
 * What a broker should do, by the rules of the specification and nothing else. What a client has seen is laid before
 * it: it checks that every delivery is one that was due, and after each step that none is missing. Which of several
 * consumers gets a message is the broker's choice.
 */
export class ModelBroker {
  readonly queues = new Map<string, ModelQueue>()
  /** Queues bound to the one fanout exchange, in the order of binding. */
  readonly bound = new Set<ModelQueue>()
  readonly consumers = new Map<string, ModelConsumer>()
  /** By channel, then by delivery tag. */
  readonly unacked = new Map<number, Map<number, { entry: ModelEntry; by: ModelConsumer | null }>>()
  nowMs = 0
  private sightings: Sighting[] = []
  private readonly letters: {
    entry: ModelEntry | ModelMessage
    queue: ModelQueue
    reason: string
  }[] = []
  private isBurying = false
  private holders = 0

  /** Does one thing, with the deliveries that a client has seen because of it. */
  step<T>(sightings: readonly Sighting[], action: () => T): T {
    this.sightings = [...sightings]
    const result = action()
    this.rest()
    expect(this.sightings).toEqual([])
    return result
  }

  declare(name: string, spec: ModelSpec): ModelQueue {
    const queue = new ModelQueue(name, spec)
    this.queues.set(name, queue)
    return queue
  }

  delete(queue: ModelQueue): void {
    queue.isDeleted = true
    queue.purge()
    this.queues.delete(queue.name)
    this.bound.delete(queue)
    for (const consumer of queue.consumers) this.consumers.delete(consumer.tag)
    queue.consumers.length = 0
  }

  publish(message: ModelMessage, queues: readonly ModelQueue[]): 'ack' | 'nack' {
    this.holders++ // it is in all its queues before any of them gives up what it displaces
    const taking = queues.filter((queue) => this.admits(queue, message))
    for (const queue of taking) this.enqueue(queue, message)
    this.holders--
    this.buryAll()
    return taking.length === queues.length ? 'ack' : 'nack'
  }

  /** basic.get; `seen` is null for get-empty. */
  get(queue: ModelQueue, noAck: boolean, seen: Sighting | null): void {
    this.dispatch(queue)
    const entry = queue.ready[0]
    if (entry === undefined || seen === null) {
      expect(seen).toBeNull()
      expect(entry).toBeUndefined()
      return
    }
    this.check(entry, seen)
    queue.remove(entry)
    if (!noAck) this.hold(entry, seen, null)
  }

  subscribe(consumer: ModelConsumer): void {
    this.consumers.set(consumer.tag, consumer)
    consumer.queue.consumers.push(consumer)
  }

  cancel(consumer: ModelConsumer): void {
    this.consumers.delete(consumer.tag)
    const { consumers } = consumer.queue
    consumers.splice(consumers.indexOf(consumer), 1)
  }

  settle(channel: number, tags: readonly number[], outcome: ModelOutcome): void {
    this.holders++ // all of it is settled before what is given up for it goes out
    const entries = tags.map((tag) => this.letGo(channel, tag))
    const settled = entries.filter(({ queue }) => !queue.isDeleted)
    if (outcome === 'reject') for (const entry of settled) this.giveUp(entry, 'rejected')
    if (outcome === 'requeue') {
      for (const queue of new Set(settled.map((entry) => entry.queue))) {
        const batch = settled.filter((entry) => entry.queue === queue)
        this.requeue(queue, batch)
      }
    }
    this.holders--
    this.buryAll()
  }

  closeChannel(channel: number): void {
    for (const consumer of [...this.consumers.values()]) {
      if (consumer.channel === channel) this.cancel(consumer)
    }
    this.settle(channel, this.tagsOf(channel), 'requeue')
    this.unacked.delete(channel)
  }

  tagsOf(channel: number): readonly number[] {
    return [...(this.unacked.get(channel)?.keys() ?? [])].sort((a, b) => a - b)
  }

  advance(byMs: number): void {
    const endMs = this.nowMs + byMs
    for (;;) {
      const heads = [...this.queues.values()].flatMap((queue) => queue.heads)
      const nextMs = Math.min(...heads.map((entry) => entry.expiresAtMs))
      if (nextMs > endMs) break
      this.nowMs = nextMs
      this.rest()
    }
    this.nowMs = endMs
  }

  /** Lets every queue do what it can, until nothing changes. */
  private rest(): void {
    for (let i = 0; i <= this.queues.size; i++) {
      for (const queue of [...this.queues.values()]) this.trim(queue)
      for (const queue of [...this.queues.values()]) this.dispatch(queue)
    }
  }

  private admits(queue: ModelQueue, message: ModelMessage): boolean {
    if (queue.spec.overflow === 'drop-head') return true
    if (queue.isFullFor(message)) this.dispatch(queue)
    if (!queue.isFullFor(message)) return true
    if (queue.spec.overflow === 'reject-publish-dlx') this.bury(message, queue, 'maxlen')
    return false
  }

  private enqueue(queue: ModelQueue, message: ModelMessage): void {
    const entry = queue.newEntry(message, this.nowMs)
    if (entry.expiresAtMs <= this.nowMs) {
      this.dispatch(queue)
      if (queue.ready.length === 0) {
        if (queue.takers.length > 0) this.deliver(entry)
        else this.giveUp(entry, 'expired')
        return
      }
    }
    // one of a higher priority does not overtake what could be handed out before it came
    if (queue.hasPriorities) this.dispatch(queue)
    queue.add(entry)
    this.trim(queue)
  }

  private requeue(queue: ModelQueue, entries: readonly ModelEntry[]): void {
    for (const entry of entries) {
      entry.redelivered = true
      if (queue.spec.type === 'quorum') entry.returns++
      if (entry.returns > (queue.spec.deliveryLimit ?? 20)) this.giveUp(entry, 'delivery_limit')
      else queue.putBack(entry)
    }
    if (queue.spec.type === 'classic') this.dropHead(queue)
  }

  private trim(queue: ModelQueue): void {
    if (queue.spec.overflow !== 'drop-head' || !queue.isOverLimit()) return
    this.dispatch(queue)
    this.dropHead(queue)
  }

  private dropHead(queue: ModelQueue): void {
    if (queue.spec.overflow !== 'drop-head') return
    while (queue.isOverLimit()) this.giveUp(queue.ready[0]!, 'maxlen')
  }

  private dispatch(queue: ModelQueue): void {
    this.expire(queue)
    while (queue.ready.length > 0 && queue.takers.length > 0) {
      this.deliver(queue.ready[0]!)
      this.expire(queue)
    }
  }

  private expire(queue: ModelQueue): void {
    for (;;) {
      const late = queue.heads.find((entry) => entry.expiresAtMs <= this.nowMs)
      if (late === undefined) return
      this.giveUp(late, 'expired')
    }
  }

  /** The next delivery that was seen of this queue must be this one, by a consumer whose turn it may be. */
  private deliver(entry: ModelEntry): void {
    const { queue } = entry
    const index = this.sightings.findIndex(
      ({ consumerTag }) => this.consumers.get(consumerTag)?.queue === queue,
    )
    const [seen] = index < 0 ? [] : this.sightings.splice(index, 1)
    if (seen === undefined)
      throw new Error(`${entry.message.id} of ${queue.name} was not delivered`)
    this.check(entry, seen)
    const consumer = queue.takers.find(({ tag }) => tag === seen.consumerTag)
    if (consumer === undefined) throw new Error(`it was not the turn of ${seen.consumerTag}`)
    queue.remove(entry)
    if (consumer.noAck) return
    consumer.held++
    this.hold(entry, seen, consumer)
  }

  private check({ message, queue, redelivered, returns }: ModelEntry, seen: Sighting): void {
    expect({ id: seen.id, redelivered: seen.redelivered, deaths: seen.deaths }).toEqual({
      id: message.id,
      redelivered,
      deaths: message.deaths.map(({ queue, reason, count }) => `${queue} ${reason} ${count}`),
    })
    if (queue.spec.type === 'quorum') expect(seen.returns).toBe(returns)
  }

  private letGo(channel: number, tag: number): ModelEntry {
    const held = this.unacked.get(channel)?.get(tag)
    if (held === undefined) throw new Error(`${tag} is not outstanding`)
    this.unacked.get(channel)?.delete(tag)
    if (held.by !== null) held.by.held--
    return held.entry
  }

  private hold(entry: ModelEntry, { channel, tag }: Sighting, by: ModelConsumer | null): void {
    const held = this.unacked.get(channel) ?? new Map()
    this.unacked.set(channel, held.set(tag, { entry, by }))
  }

  private giveUp(entry: ModelEntry, reason: string): void {
    entry.queue.remove(entry)
    this.bury(entry, entry.queue, reason)
  }

  /** Dead letters are published one after the other, those that cause others before these. */
  private bury(entry: ModelEntry | ModelMessage, queue: ModelQueue, reason: string): void {
    if (queue.spec.deadTo === null) return
    this.letters.push({ entry, queue, reason })
    this.buryAll()
  }

  private buryAll(): void {
    if (this.isBurying || this.holders > 0) return
    this.isBurying = true
    for (let next = this.letters.shift(); next !== undefined; next = this.letters.shift()) {
      const message = 'message' in next.entry ? next.entry.message : next.entry
      const target = this.queues.get(next.queue.spec.deadTo ?? '')
      const deaths = withDeath(message.deaths, next.queue.name, next.reason)
      const isStopped = next.reason !== 'rejected' && isCycle(deaths, target?.name ?? '')
      if (target !== undefined && !isStopped) {
        this.publish({ ...message, expirationMs: null, deaths }, [target])
      }
    }
    this.isBurying = false
  }
}

function withDeath(
  deaths: readonly ModelDeath[],
  queue: string,
  reason: string,
): readonly ModelDeath[] {
  const isSame = (death: ModelDeath) => death.queue === queue && death.reason === reason
  const count = (deaths.find(isSame)?.count ?? 0) + 1
  return [{ queue, reason, count }, ...deaths.filter((death) => !isSame(death))]
}

/** The latest death in the queue, and nothing rejected since. */
function isCycle(deaths: readonly ModelDeath[], queue: string): boolean {
  for (const death of deaths) {
    if (death.reason === 'rejected') return false
    if (death.queue === queue) return true
  }
  return false
}
