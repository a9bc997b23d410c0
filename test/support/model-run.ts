import { expect } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import type { BarrierClient } from './barrier-client.ts'
import type { ClockedBroker } from './clocked-broker.ts'
import { encodeMethod } from './encode-method.ts'
import { ModelBroker, type ModelOutcome, type Sighting } from './model-broker.ts'
import { argumentsOf, declaring, deleting, sightingOf } from './model-methods.ts'
import type { ModelPolicy, ModelQueue, ModelSpec } from './model-queue.ts'
import { tableOf } from './tables.ts'
import { close, openChannel, publish, type Received } from './test-client.ts'

/** What a sequence may do; the numbers choose among what there is at that moment. */
export type Command =
  | {
      readonly kind: 'publish'
      /** -1 for the exchange. */
      readonly queue: number
      readonly size: number
      readonly priority: number
      readonly expirationMs: number | null
      readonly isPersistent: boolean
    }
  | {
      readonly kind: 'get'
      readonly channel: number
      readonly queue: number
      readonly noAck: boolean
    }
  | {
      readonly kind: 'consume'
      readonly channel: number
      readonly queue: number
      readonly noAck: boolean
      readonly prefetch: number
      readonly priority: number
    }
  | { readonly kind: 'cancel'; readonly consumer: number }
  | {
      readonly kind: 'settle'
      readonly channel: number
      readonly index: number
      readonly multiple: boolean
      readonly outcome: ModelOutcome
      /** basic.reject in place of basic.nack. */
      readonly byReject: boolean
    }
  | { readonly kind: 'recover'; readonly channel: number }
  | { readonly kind: 'advance'; readonly byMs: number }
  | { readonly kind: 'bind' | 'unbind' | 'purge' | 'replace'; readonly queue: number }
  | { readonly kind: 'policy'; readonly queue: number; readonly policy: ModelPolicy }

/** One sequence on a real broker, side by side with the model. Its channels and queues are its own. */
export class ModelRun {
  private readonly broker: ClockedBroker
  private readonly client: BarrierClient
  private readonly specs: readonly ModelSpec[]
  private readonly prefix: string
  private readonly tally: Map<string, number> // how often something has been seen, over all sequences
  private readonly model = new ModelBroker()
  private published = 0 // every publish is confirmed
  private subscribed = 0

  constructor(
    broker: ClockedBroker,
    client: BarrierClient,
    specs: readonly ModelSpec[],
    prefix: string,
    tally: Map<string, number>,
  ) {
    this.tally = tally
    this.broker = broker
    this.client = client
    this.prefix = prefix
    this.specs = specs
  }

  async run(commands: readonly Command[]): Promise<void> {
    await this.client.ask(
      ...CHANNELS.map(openChannel),
      encodeMethod(1, { id: wire.CONFIRM_SELECT, noWait: false }),
      encodeMethod(1, {
        id: wire.EXCHANGE_DECLARE,
        exchange: this.prefix,
        type: 'fanout',
        passive: false,
        durable: false,
        autoDelete: false,
        internal: false,
        noWait: false,
        arguments: tableOf({}),
      }),
    )
    for (const index of this.specs.keys()) await this.declare(index)
    for (const command of commands) {
      await this.do(command)
      await this.expectCounts()
    }
    await this.takeEverythingBack()
  }

  private async do(command: Command): Promise<void> {
    switch (command.kind) {
      case 'publish':
        return this.publish(command)
      case 'get':
        return this.get(command)
      case 'consume':
        return this.consume(command)
      case 'settle':
        return this.settle(command)
      case 'cancel':
        return this.cancel(command.consumer)
      case 'recover':
        return this.recover(command.channel)
      case 'advance':
        return this.advance(command.byMs)
      case 'replace':
        return this.replace(command.queue % this.specs.length)
      case 'policy':
        return this.setPolicy(this.queueAt(command.queue), command.policy)
      default:
        return this.bindOrPurge(command.kind, this.queueAt(command.queue))
    }
  }

  private async publish(command: Extract<Command, { kind: 'publish' }>): Promise<void> {
    const { size, priority, expirationMs } = command
    const target = command.queue < 0 ? null : this.queueAt(command.queue)
    const isAmbiguous = [...this.model.bound].some(
      ({ spec }) => spec.overflow === 'reject-publish-dlx',
    )
    if (target === null && isAmbiguous) return // where its dead letters come in the order is nowhere said
    const id = ++this.published
    const body = `${id} `.padEnd(size, '.')
    const properties = {
      deliveryMode: command.isPersistent ? 2 : 1,
      ...(priority > 0 ? { priority } : {}),
      ...(expirationMs === null ? {} : { expiration: `${expirationMs}` }),
    }
    const exchange = target === null ? this.prefix : ''
    const bytes = publish(1, target?.name ?? '', body, { exchange, properties })
    const queues = target === null ? [...this.model.bound] : [target]
    const message = { id, size: body.length, priority, expirationMs, deaths: [] }
    await this.step([bytes], (others) => {
      const confirms = others.map(({ id: method, ...rest }) => [
        method === wire.BASIC_ACK ? 'ack' : 'nack',
        'deliveryTag' in rest ? rest.deliveryTag : 0,
      ])
      expect(confirms).toEqual([[this.model.publish(message, queues), id]])
    })
  }

  private get({ channel, queue, noAck }: Extract<Command, { kind: 'get' }>): Promise<void> {
    const target = this.queueAt(queue)
    const method = { id: wire.BASIC_GET, queue: target.name, noAck } as const
    return this.step([encodeMethod(channel, method)], (others) => {
      const [reply] = others
      const seen = reply?.id === wire.BASIC_GET_OK ? sightingOf(reply, '') : null
      if (seen === null) expect(reply?.id).toBe(wire.BASIC_GET_EMPTY)
      this.model.get(target, noAck, seen)
    })
  }

  private consume(command: Extract<Command, { kind: 'consume' }>): Promise<void> {
    const { channel, noAck, prefetch } = command
    const queue = this.queueAt(command.queue)
    const priority = queue.spec.isSingleActive ? 0 : command.priority
    const tag = `${this.prefix} c${this.subscribed++}`
    const qos = {
      id: wire.BASIC_QOS,
      prefetchSize: 0,
      prefetchCount: prefetch,
      global: false,
    } as const
    const method = {
      id: wire.BASIC_CONSUME,
      queue: queue.name,
      consumerTag: tag,
      noLocal: false,
      noAck,
      exclusive: false,
      noWait: false,
      arguments: tableOf({ 'x-priority': priority }),
    } as const
    return this.step([encodeMethod(channel, qos), encodeMethod(channel, method)], () =>
      this.model.subscribe({ tag, channel, queue, noAck, prefetch, priority, held: 0 }),
    )
  }

  private async cancel(index: number): Promise<void> {
    const consumer = pick([...this.model.consumers.values()], index)
    if (consumer === undefined) return
    const method = { id: wire.BASIC_CANCEL, consumerTag: consumer.tag, noWait: false } as const
    await this.step([encodeMethod(consumer.channel, method)], () => this.model.cancel(consumer))
  }

  private async settle(command: Extract<Command, { kind: 'settle' }>): Promise<void> {
    const { channel, outcome, byReject } = command
    const tags = this.model.tagsOf(channel)
    const deliveryTag = pick(tags, command.index)
    if (deliveryTag === undefined) return
    const requeue = outcome === 'requeue'
    const multiple = command.multiple && !byReject
    const method: wire.Method =
      outcome === 'ack'
        ? { id: wire.BASIC_ACK, deliveryTag, multiple: command.multiple }
        : byReject
          ? { id: wire.BASIC_REJECT, deliveryTag, requeue }
          : { id: wire.BASIC_NACK, deliveryTag, multiple, requeue }
    const isForAll = outcome === 'ack' ? command.multiple : multiple
    const settled = isForAll ? tags.filter((tag) => tag <= deliveryTag) : [deliveryTag]
    await this.step([encodeMethod(channel, method)], () =>
      this.model.settle(channel, settled, outcome),
    )
  }

  private recover(channel: number): Promise<void> {
    const method = { id: wire.BASIC_RECOVER, requeue: true } as const
    return this.step([encodeMethod(channel, method)], () =>
      this.model.settle(channel, this.model.tagsOf(channel), 'requeue'),
    )
  }

  private async bindOrPurge(kind: 'bind' | 'unbind' | 'purge', queue: ModelQueue): Promise<void> {
    const binding = { queue: queue.name, exchange: this.prefix, routingKey: '' }
    const tail = { noWait: false, arguments: tableOf({}) }
    const methods: Readonly<Record<typeof kind, wire.Method>> = {
      bind: { id: wire.QUEUE_BIND, ...binding, ...tail },
      unbind: { id: wire.QUEUE_UNBIND, ...binding, arguments: tail.arguments },
      purge: { id: wire.QUEUE_PURGE, queue: queue.name, noWait: false },
    }
    await this.step([encodeMethod(1, methods[kind])], () => {
      if (kind === 'bind') this.model.bound.add(queue)
      else if (kind === 'unbind') this.model.bound.delete(queue)
      else queue.purge()
    })
  }

  private async setPolicy(queue: ModelQueue, policy: ModelPolicy): Promise<void> {
    const definition = new Map([
      ...(policy.maxLength == null ? [] : [['max-length', policy.maxLength] as const]),
      ...(policy.ttlMs == null ? [] : [['message-ttl', policy.ttlMs] as const]),
    ])
    const { vhost } = this.broker
    const pattern = `^${queue.name}$`
    const rest = { applyTo: 'queues', priority: 0, definition } as const
    if (definition.size === 0) vhost.deletePolicy(queue.name, false)
    else vhost.setPolicy({ name: queue.name, pattern, ...rest }, false)
    await this.step([], () => {
      queue.policy = policy
    })
  }

  /** Deletes a queue and declares one like it; what is unacked of the old one stays with the channels. */
  private async replace(index: number): Promise<void> {
    const old = this.queueAt(index)
    await this.step([deleting(old.name)], () => this.model.delete(old))
    await this.declare(index)
    this.queueAt(index).policy = old.policy
  }

  /** Dead letters of one queue go to the next. */
  private async declare(index: number): Promise<void> {
    const spec = this.specs[index]!
    const next = this.nameOf((index + 1) % this.specs.length)
    const deadTo = spec.deadTo === null ? null : next
    const name = this.nameOf(index)
    const args = tableOf(argumentsOf({ ...spec, deadTo }))
    await this.step([declaring(name, false, args)], () =>
      this.model.declare(name, { ...spec, deadTo }),
    )
  }

  /** Stops wherever something is due, so that a turn ends there as it would in real time. */
  private async advance(byMs: number): Promise<void> {
    const { clock } = this.broker
    const endMs = clock.now() + byMs
    for (let now = clock.now(); now < endMs; now = clock.now()) {
      const stepMs = Math.min(clock.nextTimerMs ?? endMs, endMs) - now
      clock.advance(stepMs)
      await this.step([], () => this.model.advance(stepMs))
    }
  }

  /** Does something on both sides; `compare` gets what came and is no delivery. */
  private async step(
    pieces: readonly Buffer[],
    compare: (others: readonly Received[]) => void,
  ): Promise<void> {
    const received = await this.client.ask(...pieces)
    const sightings: Sighting[] = []
    const others: Received[] = []
    for (const method of received) {
      expect(method.id).not.toBe(wire.CHANNEL_CLOSE)
      if (method.id === wire.BASIC_DELIVER) sightings.push(sightingOf(method, method.consumerTag))
      else others.push(method)
      this.count(method)
    }
    this.model.step(sightings, () => compare(others))
  }

  private count(method: Received): void {
    const add = (what: string) => void this.tally.set(what, (this.tally.get(what) ?? 0) + 1)
    add(wire.METHODS.get(method.id)?.name ?? '')
    if (method.id !== wire.BASIC_DELIVER && method.id !== wire.BASIC_GET_OK) return
    const { deaths, redelivered } = sightingOf(method, '')
    if (redelivered) add('redelivered')
    for (const death of deaths) add(/ (\w+) \d+$/.exec(death)?.[1] ?? '')
  }

  private async expectCounts(): Promise<void> {
    const queues = [...this.model.queues.values()]
    const received = await this.client.ask(...queues.map(({ name }) => declaring(name, true)))
    expect(
      received.map((reply) =>
        reply.id === wire.QUEUE_DECLARE_OK
          ? `${reply.queue} ${reply.messageCount} ${reply.consumerCount}`
          : reply.id,
      ),
    ).toEqual(
      queues.map(({ name, ready, consumers }) => `${name} ${ready.length} ${consumers.length}`),
    )
  }

  /** Ends the channels that held messages, then fetches everything: nothing is lost and nothing is there twice. */
  private async takeEverythingBack(): Promise<void> {
    for (const channel of [2, 1]) {
      await this.leaveOneQueue(channel)
      await this.step([close(channel)], () => this.model.closeChannel(channel))
    }
    await this.client.ask(openChannel(1))
    await this.expectCounts()
    for (const [index, { name }] of [...this.model.queues.values()].entries()) {
      const count = this.queueNamed(name).ready.length
      for (let i = 0; i <= count; i++) {
        await this.get({ kind: 'get', channel: 1, queue: index, noAck: true })
      }
    }
    for (const { name } of [...this.model.queues.values()]) {
      this.broker.vhost.deletePolicy(name, false)
      await this.client.ask(deleting(name))
    }
    const exchange = { exchange: this.prefix, ifUnused: false, noWait: false }
    await this.client.ask(encodeMethod(1, { id: wire.EXCHANGE_DELETE, ...exchange }), close(1))
  }

  /** So that a channel that is closed concerns one queue: the order of what happens in several is nowhere said. */
  private async leaveOneQueue(channel: number): Promise<void> {
    const [kept] = [...this.model.consumers.values()].filter((one) => one.channel === channel)
    for (const consumer of [...this.model.consumers.values()]) {
      if (consumer.channel !== channel || consumer.queue === kept?.queue) continue
      await this.cancel([...this.model.consumers.values()].indexOf(consumer))
    }
    for (const tag of this.model.tagsOf(channel)) {
      if (this.model.unacked.get(channel)?.get(tag)?.entry.queue === kept?.queue) continue
      const index = this.model.tagsOf(channel).indexOf(tag)
      const kind = { multiple: false, outcome: 'requeue', byReject: false } as const
      await this.settle({ kind: 'settle', channel, index, ...kind })
    }
  }

  private nameOf(index: number): string {
    return `${this.prefix} q${index}`
  }

  private queueAt(index: number): ModelQueue {
    return this.queueNamed(this.nameOf(index % this.specs.length))
  }

  private queueNamed(name: string): ModelQueue {
    const queue = this.model.queues.get(name)
    if (queue === undefined) throw new Error(`there is no queue ${name}`)
    return queue
  }
}

/** Channels of a sequence: publishes go over the first. */
const CHANNELS = [1, 2]

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items.length === 0 ? undefined : items[index % items.length]
}
