import { COMPATS, type CompatName } from '../../src/common/compat.ts'
import { type Deadline, Deadlines } from '../../src/common/deadlines.ts'
import type { Logger } from '../../src/common/log.ts'
import { RunQueue } from '../../src/common/run-queue.ts'
import { EMPTY_TABLE } from '../../src/common/table.ts'
import { Churn } from '../../src/core/counters.ts'
import type { Exchange } from '../../src/core/exchange/exchange.ts'
import { Message } from '../../src/core/message.ts'
import { NO_LIMITS, NodeLimits } from '../../src/core/node-limits.ts'
import type { PolicyTarget } from '../../src/core/policy/policy.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Entry } from '../../src/core/queue/entry.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import type { QueueTypeName } from '../../src/core/queue/queue-type.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { Vhost } from '../../src/core/vhost.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import { EncodedProperties } from '../../src/protocol/message-properties.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { encodeProperties, type Properties } from '../../src/wire/properties.ts'
import { type ConsumerWish, HoldingConsumer } from './holding-consumer.ts'
import { ManualClock } from './manual-clock.ts'
import { type Plain, tableOf } from './tables.ts'

/**
 * A vhost on a clock that stands still, with messages as clients send them, and short ways to say what tests say
 * often. A turn ends when the test says so.
 */
export class CoreHost {
  readonly clock = new ManualClock()
  readonly deadlines = new CountedDeadlines(this.clock)
  readonly turn: RunQueue
  /** What has been logged, errors included. */
  readonly warnings: string[] = []
  readonly vhost: Vhost
  /** Stands for the one client. */
  readonly user = {}

  constructor(
    compat: CompatName = '4.2',
    store: Store = new MemoryStore(),
    readyMemory = new ReadyMemory(),
    turn = new RunQueue(() => {}),
  ) {
    this.turn = turn
    const { clock, deadlines } = this
    const log = warningsInto(this.warnings)
    const limits = new NodeLimits(NO_LIMITS)
    const churn = new Churn()
    const shared = { limits, churn, turn, clock, deadlines, store, readyMemory, log }
    this.vhost = new Vhost('/', { ...shared, compat: COMPATS[compat] })
  }

  queue(name: string, args: Readonly<Record<string, Plain>> = {}, wish: QueueWish = {}): Queue {
    const type: QueueTypeName = args['x-queue-type'] === 'quorum' ? 'quorum' : 'classic'
    const declared = {
      type,
      vhost: '/',
      name,
      durable: wish.durable ?? true,
      autoDelete: wish.autoDelete ?? false,
      exclusiveOwner: null,
      arguments: tableOf(args),
    }
    return this.vhost.declareQueue(declared, this.user)
  }

  quorum(name: string, args: Readonly<Record<string, Plain>> = {}): Queue {
    return this.queue(name, { 'x-queue-type': 'quorum', ...args })
  }

  exchange(
    name: string,
    type: string,
    args: Readonly<Record<string, Plain>> = {},
    durable = false,
  ): Exchange {
    return this.vhost.declareExchange({
      vhost: '/',
      name,
      type,
      durable,
      autoDelete: false,
      internal: false,
      arguments: tableOf(args),
    })
  }

  bind(source: string, name: string, key = '', args: Readonly<Record<string, Plain>> = {}): void {
    this.vhost.bind(source, { kind: 'queue', name }, key, tableOf(args), this.user)
  }

  unbind(source: string, name: string, key = ''): void {
    this.vhost.unbind(source, { kind: 'queue', name }, key, EMPTY_TABLE, this.user)
  }

  bindExchange(source: string, name: string, key = ''): void {
    this.vhost.bind(source, { kind: 'exchange', name }, key, EMPTY_TABLE, this.user)
  }

  /** Publishes; returns the position in the store, 0 or REJECTED. */
  publish(exchange: string, routingKey: string, body = '', wish: PublishWish = {}): number {
    const message = newPublished(exchange, routingKey, body, wish)
    const route = this.vhost.route(this.vhost.exchanges.get(exchange), message)
    return this.vhost.enqueue(message, route)
  }

  /** Publishes to the default exchange, one message for each body. */
  send(queue: string, bodies: readonly string[], wish: PublishWish = {}): void {
    for (const body of bodies) this.publish('', queue, body, wish)
  }

  find(name: string): Queue {
    const queue = this.vhost.queues.find(name)
    if (queue === undefined) throw new Error(`there is no queue ${name}`)
    return queue
  }

  has(name: string): boolean {
    return this.vhost.queues.find(name) !== undefined
  }

  /** Fetches a message to be settled. */
  take(name: string): Entry {
    const entry = this.find(name).get(false)
    if (entry === null) throw new Error(`${name} has no message`)
    return entry
  }

  /** Fetches everything that is ready; returns the bodies. */
  drain(name: string): string[] {
    const queue = this.find(name)
    const bodies: string[] = []
    for (let entry = queue.get(true); entry !== null; entry = queue.get(true)) {
      bodies.push(bodyOf(entry))
    }
    return bodies
  }

  consumer(name: string, wish: ConsumerWish = {}): HoldingConsumer {
    const consumer = new HoldingConsumer(this.find(name), wish)
    this.find(name).subscribe(consumer)
    return consumer
  }

  policy(
    name: string,
    definition: Readonly<Record<string, string | number>>,
    wish: PolicyWish = {},
  ) {
    this.vhost.setPolicy(
      {
        name,
        pattern: wish.pattern ?? '.*',
        applyTo: wish.applyTo ?? 'all',
        priority: wish.priority ?? 0,
        definition: new Map(Object.entries(definition)),
      },
      wish.isOperator ?? false,
    )
  }

  /** Ends the turn. */
  settle(): void {
    this.turn.runAll()
  }

  /** Ends the turn, then moves the clock and does what is due. */
  advance(byMs: number): void {
    this.settle()
    this.clock.advance(byMs)
    this.settle()
  }
}

export interface QueueWish {
  readonly durable?: boolean
  readonly autoDelete?: boolean
}

export interface PolicyWish {
  readonly pattern?: string
  readonly applyTo?: PolicyTarget
  readonly priority?: number
  readonly isOperator?: boolean
}

export interface PublishWish extends Properties {
  readonly cc?: readonly string[]
  readonly bcc?: readonly string[]
}

/** A message as the protocol layer makes it of a publish. */
export function newPublished(
  exchange: string,
  routingKey: string,
  text: string,
  { cc, bcc, ...properties }: PublishWish,
): Message {
  const body = Buffer.from(text)
  const headers = new Map(properties.headers ?? EMPTY_TABLE)
  if (cc !== undefined) headers.set('CC', { type: 'array', value: cc.map((key) => field(key)) })
  const encoded = encodeProperties(headers.size > 0 ? { ...properties, headers } : properties)
  return new Message(
    EncodedAddress.of(exchange, routingKey),
    new EncodedProperties(encoded),
    { body, bodyStart: 0, bodySize: body.length, bodyParts: null },
    cc === undefined && bcc === undefined ? null : { cc: cc ?? [], bcc: bcc ?? [] },
    null,
  )
}

export function bodyOf({ message }: Entry): string {
  const { body, bodyStart, bodySize } = message
  return body.toString('utf8', bodyStart, bodyStart + bodySize)
}

/** Deadlines that say how many have been asked for. */
export class CountedDeadlines extends Deadlines {
  askedCount = 0

  override after(delayMs: number, task: () => void): Deadline {
    this.askedCount++
    return super.after(delayMs, task)
  }
}

function field(text: string) {
  return { type: 'longstr', value: Buffer.from(text) } as const
}

function warningsInto(warnings: string[]): Logger {
  const ignore = () => {}
  const note = (...said: readonly unknown[]) => void warnings.push(said.map(String).join(' '))
  return { debug: ignore, info: ignore, error: note, warn: note }
}
