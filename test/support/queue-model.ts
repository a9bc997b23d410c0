import { expect } from 'vitest'
import type { Entry } from '../../src/core/queue/entry.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import { DelayedStore } from './delayed-store.ts'
import { bodyOf, newMessage } from './messages.ts'
import { tableOf } from './tables.ts'
import { TestSubscriber } from './test-subscriber.ts'
import { TestVhost } from './test-vhost.ts'

/**
 * A classic queue side by side with what it should be: the numbers of the messages that are ready, handed out or done
 * with.
 * Every delivery is checked when it happens, so that the order of the queue's own work does not matter.
 */
export class QueueModel {
  readonly queue: Queue
  readonly subscribers: TestSubscriber[] = []
  private readonly maxPriority: number
  private readonly store = new DelayedStore()
  private readonly host = new TestVhost(this.store)
  private readonly messages: ModelMessage[] = []
  private readonly fetched: Entry[] = []

  /** `maxPriority` 0 makes a queue without priorities. */
  constructor(autoDelete: boolean, maxPriority = 0) {
    this.maxPriority = maxPriority
    this.queue = this.host.queue('q', {
      durable: true,
      autoDelete,
      arguments: tableOf(maxPriority === 0 ? {} : { 'x-max-priority': maxPriority }),
    })
  }

  get isDeleted(): boolean {
    return this.queue.isDeleted
  }

  enqueue(isPersistent: boolean, priority: number): void {
    const number = this.messages.length
    const message = newMessage({ body: `${number}`, isPersistent, priority })
    const position = isPersistent ? this.store.append(message, [this.queue]) : 0
    const ordinal = isPersistent ? this.queue.laneOf(message).latest : 0
    this.queue.enqueue(message, position, ordinal)
    if (this.maxPriority > 0 && this.subscribers.some((subscriber) => subscriber.canTake())) {
      expect(this.countOf('ready')).toBe(0) // they are not overtaken by this one
    }
    const level = Math.min(priority, this.maxPriority)
    this.messages.push({ state: 'ready', redelivered: false, ordinal, level })
  }

  get(noAck: boolean): void {
    const entry = this.queue.get(noAck)
    const first = this.firstReady()
    expect(entry === null ? null : numberOf(entry)).toBe(first)
    if (entry === null || first === null) return
    this.handOut(entry, noAck)
    if (!noAck) this.fetched.push(entry)
  }

  /** Expects a refusal when an exclusive consumer is in the way. */
  subscribe(wish: { exclusive: boolean; priority: number; limit: number; noAck: boolean }): void {
    const { length } = this.subscribers
    const isTaken = this.subscribers.some((one) => one.exclusive) || (wish.exclusive && length > 0)
    const subscriber: TestSubscriber = new TestSubscriber(this.queue, {
      ...wish,
      consumerTag: `c${length}`,
      onDeliver: (entry) => this.delivered(entry, subscriber),
    })
    if (isTaken) expect(() => this.queue.subscribe(subscriber)).toThrow('in exclusive use')
    else {
      this.queue.subscribe(subscriber)
      this.subscribers.push(subscriber)
    }
  }

  /** What the consumer holds goes on being held, as by a channel. */
  unsubscribe(index: number): void {
    const [subscriber] = this.subscribers.slice(index % Math.max(1, this.subscribers.length))
    if (subscriber === undefined) return
    this.queue.unsubscribe(subscriber)
    this.subscribers.splice(this.subscribers.indexOf(subscriber), 1)
    this.fetched.push(...subscriber.held)
    expect(this.isDeleted).toBe(this.queue.autoDelete && this.subscribers.length === 0)
    expect(subscriber.isCancelled).toBe(false)
  }

  /** Settles, rejects or requeues one of the messages that are handed out. */
  giveBack(index: number, outcome: 'settle' | 'requeue' | 'reject'): void {
    const held = [...this.fetched, ...this.subscribers.flatMap((subscriber) => subscriber.held)]
    const entry = held[index % Math.max(1, held.length)]
    if (entry === undefined) return
    const message = this.messages[numberOf(entry)]!
    expect(message.state).toBe('unacked')
    message.state = outcome === 'requeue' ? 'ready' : 'done'
    message.redelivered ||= outcome === 'requeue'
    const holder = this.subscribers.find((subscriber) => subscriber.held.includes(entry))
    if (holder !== undefined) holder.give(entry, outcome)
    else {
      this.fetched.splice(this.fetched.indexOf(entry), 1)
      if (outcome === 'settle') this.queue.settle(entry)
      else if (outcome === 'reject') this.queue.reject(entry, 'reject')
      else this.queue.requeue([entry], 'nack')
    }
  }

  purge(): void {
    const count = this.queue.purge()
    const ready = this.messages.filter((message) => message.state === 'ready')
    expect(count).toBe(ready.length)
    for (const message of ready) message.state = 'done'
  }

  endTurn(): void {
    this.host.turn.runAll()
    if (this.countOf('ready') === 0) return
    for (const subscriber of this.subscribers) expect(subscriber.canTake()).toBe(false)
  }

  expectSame(): void {
    expect(this.queue.readyCount).toBe(this.countOf('ready'))
    expect(this.queue.unackedCount).toBe(this.countOf('unacked'))
    expect(this.queue.consumerCount).toBe(this.subscribers.length)
    const { persistentCount, persistentBytes } = this.queue.counters
    const kept = this.numbersWhere(({ state, ordinal }) => state !== 'done' && ordinal > 0)
    expect([persistentCount, persistentBytes]).toEqual([kept.length, kept.join('').length])
    const done = this.messages.filter(({ state, ordinal }) => state === 'done' && ordinal > 0)
    expect(this.store.settled.map(placeOf).sort()).toEqual(done.map(placeOf).sort())
  }

  /** Takes out all that is left: everything enqueued is accounted for once. */
  expectNothingLost(): void {
    while (this.fetched.length > 0) this.giveBack(0, 'requeue')
    while (this.subscribers.length > 0) this.unsubscribe(0)
    if (this.isDeleted) return
    while (this.fetched.length > 0) this.giveBack(0, 'requeue')
    while (this.firstReady() !== null) this.get(true)
    this.get(true)
    expect(this.messages.every(({ state }) => state === 'done')).toBe(true)
    this.expectSame()
  }

  private delivered(entry: Entry, subscriber: TestSubscriber): void {
    expect(this.subscribers.includes(subscriber) || !subscriber.isCancelled).toBe(true)
    expect(numberOf(entry)).toBe(this.firstReady())
    expect(subscriber.canTake()).toBe(true)
    for (const other of this.subscribers) {
      if (other.priority > subscriber.priority) expect(other.canTake()).toBe(false)
    }
    this.handOut(entry, subscriber.noAck)
  }

  private handOut(entry: Entry, noAck: boolean): void {
    const message = this.messages[numberOf(entry)]!
    expect(message.state).toBe('ready')
    expect(entry.redelivered).toBe(message.redelivered)
    message.state = noAck ? 'done' : 'unacked'
  }

  private firstReady(): number | null {
    let first: number | null = null
    for (const [number, { state, level }] of this.messages.entries()) {
      if (state !== 'ready') continue
      if (first === null || level > this.messages[first]!.level) first = number
    }
    return first
  }

  /** A message has its number for a body. */
  private numbersWhere(isWanted: (message: ModelMessage) => boolean): number[] {
    return [...this.messages.keys()].filter((number) => isWanted(this.messages[number]!))
  }

  private countOf(state: ModelMessage['state']): number {
    return this.messages.filter((message) => message.state === state).length
  }
}

interface ModelMessage {
  state: 'ready' | 'unacked' | 'done'
  redelivered: boolean
  /** In the lane of its level; 0 when it is not there. */
  readonly ordinal: number
  /** The priority that counts. */
  readonly level: number
}

function numberOf(entry: Entry): number {
  return Number(bodyOf(entry.message))
}

function placeOf({ level, ordinal }: { level: number; ordinal: number }): string {
  return `${level}: ${ordinal}`
}
