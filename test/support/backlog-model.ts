import { expect } from 'vitest'
import type { Entry } from '../../src/core/queue/entry.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import { ENTRY_SIZE, type ReadyLimits, ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { BacklogStore } from './backlog-store.ts'
import { bodyOf, CoreHost } from './core-host.ts'

/**
 * A queue that keeps very little in memory side by side with a plain list of what it should hold, restarts included.
 * The turn ends after every step.
 */
export class BacklogModel {
  private readonly limits: Partial<ReadyLimits>
  private readonly wish: BacklogModelWish
  private store: BacklogStore
  private memory: ReadyMemory
  private host: CoreHost
  private readonly held: Entry[] = []
  private messages: ModelMessage[] = [] // ready or handed out, in the order of their enqueue
  private nextNumber = 0

  constructor(wish: BacklogModelWish) {
    this.wish = wish
    this.limits = { ...wish.limits, limitBytes: wish.limits.limitBytes ?? 0 }
    this.store = new BacklogStore(wish.isQuick)
    this.memory = new ReadyMemory(this.limits)
    this.host = new CoreHost('4.2', this.store, this.memory)
    this.host.queue('q', {
      ...(wish.maxPriority > 0 ? { 'x-max-priority': wish.maxPriority } : {}),
      ...(wish.maxLength === null ? {} : { 'x-max-length': wish.maxLength }),
    })
  }

  push(isPersistent: boolean, priority: number, size: number, ttlMs: number | null): void {
    const number = this.nextNumber++
    const body = `${number}`.padEnd(size + 1, ' ')
    this.host.publish('', 'q', body, {
      deliveryMode: isPersistent ? 2 : 1,
      priority,
      ...(ttlMs === null ? {} : { expiration: `${ttlMs}` }),
    })
    this.messages.push({
      number,
      bodySize: body.length,
      level: Math.min(priority, this.wish.maxPriority),
      isPersistent,
      expiresAtMs: ttlMs === null ? Number.POSITIVE_INFINITY : this.host.clock.now() + ttlMs,
      isReady: true,
      redelivered: false,
    })
    const { maxLength } = this.wish
    while (maxLength !== null && this.ready().length > maxLength) this.drop(this.ready()[0]!)
    this.end()
  }

  get(): void {
    const entry = this.queue.get(false)
    const first = this.ready()[0]
    expect(entry === null ? null : numberOf(entry)).toBe(first?.number ?? null)
    if (entry === null || first === undefined) return
    expect(entry.redelivered).toBe(first.redelivered)
    first.isReady = false
    this.held.push(entry)
    this.end()
  }

  giveBack(index: number, outcome: 'settle' | 'requeue'): void {
    const [entry] = this.held.splice(index % Math.max(1, this.held.length), 1)
    if (entry === undefined) return
    const message = this.messages.find(({ number }) => number === numberOf(entry))!
    if (outcome === 'settle') {
      this.queue.settle(entry)
      this.drop(message)
    } else {
      this.queue.requeue([entry], 'nack')
      message.isReady = true
      message.redelivered = true
      const { maxLength } = this.wish
      while (maxLength !== null && this.ready().length > maxLength) this.drop(this.ready()[0]!)
    }
    this.end()
  }

  purge(): void {
    const ready = this.ready()
    expect(this.queue.purge()).toBe(ready.length)
    for (const message of ready) this.drop(message)
    this.end()
  }

  advance(byMs: number): void {
    for (let i = 0; i < byMs; i++) {
      this.host.advance(1)
      this.expire()
    }
    this.end()
  }

  /** What has been recorded is durable from now on. */
  sync(): void {
    this.store.sync()
    this.end()
  }

  /** The broker ends, as it should, and starts again. */
  restart(): void {
    while (this.held.length > 0) this.giveBack(0, 'requeue')
    this.messages = this.messages.filter(({ isPersistent }) => isPersistent)
    this.store.sync()
    this.store = this.store.restarted({ isQuick: this.wish.isQuick })
    this.memory = new ReadyMemory(this.limits)
    const nowMs = this.host.clock.now()
    this.host = new CoreHost('4.2', this.store, this.memory)
    this.host.clock.advance(nowMs - this.host.clock.now())
    for (const change of this.store.restored()) this.host.vhost.restoreDefinition(change)
    this.end()
  }

  /** Takes out all that is left: it was all there, and nothing stays behind. */
  expectNothingLost(): void {
    while (this.ready().length > 0) this.get()
    this.get()
    while (this.held.length > 0) this.giveBack(0, 'settle')
    expect(this.messages).toEqual([])
    expect(this.memory.usedBytes).toBe(0)
    expect(this.store.lanesOf('q').flatMap(({ ordinals }) => ordinals)).toEqual([])
  }

  private get queue(): Queue {
    return this.host.find('q')
  }

  private end(): void {
    this.host.settle()
    this.expire()
    const ready = this.ready()
    expect(this.queue.readyCount).toBe(ready.length)
    expect(this.queue.readyBytes).toBe(ready.reduce((sum, { bodySize }) => sum + bodySize, 0))
    const most = ready.reduce((sum, { bodySize }) => sum + bodySize + ENTRY_SIZE, 0)
    expect(this.memory.usedBytes).toBeGreaterThanOrEqual(0)
    expect(this.memory.usedBytes).toBeLessThanOrEqual(most)
  }

  /** In the order in which they are handed out. */
  private ready(): ModelMessage[] {
    const ready = this.messages.filter(({ isReady }) => isReady)
    return ready.sort((a, b) => b.level - a.level || a.number - b.number)
  }

  /** The first of every level is looked at, until it is one that stays. */
  private expire(): void {
    const now = this.host.clock.now()
    for (let level = 0; level <= this.wish.maxPriority; level++) {
      for (;;) {
        const first = this.ready().find((message) => message.level === level)
        if (first === undefined || first.expiresAtMs > now) break
        this.drop(first)
      }
    }
  }

  private drop(message: ModelMessage): void {
    this.messages.splice(this.messages.indexOf(message), 1)
  }
}

export interface BacklogModelWish {
  /** 0 for a queue without priorities. */
  readonly maxPriority: number
  readonly maxLength: number | null
  readonly isQuick: boolean
  readonly limits: Partial<ReadyLimits>
}

interface ModelMessage {
  readonly number: number
  readonly bodySize: number
  readonly level: number
  readonly isPersistent: boolean
  readonly expiresAtMs: number
  isReady: boolean
  redelivered: boolean
}

function numberOf(entry: Entry): number {
  return Number(bodyOf(entry))
}
