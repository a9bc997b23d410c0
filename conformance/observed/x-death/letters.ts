import { setTimeout as delay } from 'node:timers/promises'
import type { Properties } from '../../support/content-header.ts'
import type { Table } from '../../support/field-table.ts'
import type { Arguments } from '../../support/methods.ts'
import type { RawMessage } from '../../support/raw-connection.ts'
import type { Arrival } from '../observation.ts'
import type { Peer } from '../peer.ts'
import type { Scene } from '../scene.ts'
import { arrivalOf } from './arrival.ts'

const POLL_MS = 10
const POLLS = 20
const MARKER = 'marker'

/** Queues whose messages die, and a consumer that sees where they arrive. */
export class Letters {
  private readonly t: Scene
  private readonly peer: Peer
  private readonly type: Table
  private watcher: Peer | null = null

  private constructor(t: Scene, peer: Peer, type: Table) {
    this.t = t
    this.peer = peer
    this.type = type
  }

  /** `type` are the arguments of the queues in which messages die. */
  static async open(t: Scene, type: Table): Promise<Letters> {
    const peer = await t.peer()
    await peer.do('confirm.select')
    return new Letters(t, peer, type)
  }

  /** A queue of the type that the topology is about. */
  async mortal(queue: string, args: Table): Promise<void> {
    await this.queue(queue, [...this.type, ...args])
  }

  async queue(queue: string, args: Table = []): Promise<void> {
    await this.peer.do('queue.declare', { queue, durable: true, arguments: args })
  }

  async exchange(exchange: string, type: string): Promise<void> {
    await this.peer.do('exchange.declare', { exchange, type, durable: true })
  }

  async bind(queue: string, exchange: string, routingKey = ''): Promise<void> {
    await this.peer.do('queue.bind', { queue, exchange, routingKey })
  }

  async do(name: string, args: Arguments = {}): Promise<void> {
    await this.peer.do(name, args)
  }

  /** Consumes from a queue, from now on; `arrival` and `nothing` are about it. */
  async watch(queue: string): Promise<void> {
    this.watcher = await this.t.peer()
    this.watcher.send('basic.consume', { queue, noAck: true })
    await this.watcher.raw.expect(1, 'basic.consume-ok')
  }

  /** Publishes, waits for the confirm, and tells whether the message was routed. */
  async publish(
    exchange: string,
    routingKey: string,
    properties?: Properties,
    body = 'm',
  ): Promise<boolean> {
    const { raw } = this.peer
    raw.publish(1, { exchange, routingKey, mandatory: true }, body, properties)
    let isRouted = true
    for (;;) {
      const item = await raw.next('a confirm')
      if (item.kind === 'end') throw new Error('the connection ended before a confirm')
      if (item.kind !== 'method') continue
      if (item.name === 'basic.ack' || item.name === 'basic.nack') return isRouted
      if (item.name !== 'basic.return') throw new Error(`expected a confirm, got ${item.name}`)
      isRouted = false
    }
  }

  /** Publishes until the queue is no more. */
  async untilGone(queue: string): Promise<void> {
    while (await this.publish('', queue)) await delay(POLL_MS)
  }

  async untilEmpty(queue: string): Promise<void> {
    for (;;) {
      this.peer.send('queue.declare', { queue, passive: true })
      const { messageCount } = await this.peer.raw.expect(1, 'queue.declare-ok')
      if (messageCount === 0) return
      await delay(POLL_MS)
    }
  }

  /** Takes the next message of a queue, waiting for it; it stays unacknowledged. */
  async take(queue: string, channel = 1): Promise<RawMessage> {
    for (;;) {
      const message = await this.get(queue, channel)
      if (message !== null) return message
      await delay(POLL_MS)
    }
  }

  async reject(queue: string, requeue = false): Promise<RawMessage> {
    const message = await this.take(queue)
    const { deliveryTag = 0 } = message.args
    this.peer.send('basic.reject', { deliveryTag, requeue })
    return message
  }

  async nack(queue: string, requeue = false): Promise<void> {
    const { deliveryTag = 0 } = (await this.take(queue)).args
    this.peer.send('basic.nack', { deliveryTag, requeue })
  }

  /** The same where the message may have died by now. */
  async nackIfThere(queue: string, requeue: boolean): Promise<void> {
    for (let poll = 0; poll < POLLS; poll++) {
      const message = await this.get(queue)
      if (message !== null) {
        const { deliveryTag = 0 } = message.args
        this.peer.send('basic.nack', { deliveryTag, requeue })
        return
      }
      await delay(POLL_MS)
    }
  }

  async ack(message: RawMessage): Promise<void> {
    const { deliveryTag = 0 } = message.args
    await this.peer.ask('basic.ack', { deliveryTag })
  }

  /** Takes a message on a channel of its own and closes that with the message unacknowledged. */
  async abandon(queue: string): Promise<void> {
    await this.peer.do('channel.open', {}, 2)
    await this.take(queue, 2)
    await this.peer.do('channel.close', { replyCode: 200 }, 2)
  }

  /** The next message that arrives in the watched queue. */
  async arrival(): Promise<Arrival> {
    if (this.watcher === null) throw new Error('no queue is watched')
    return arrivalOf(await this.watcher.delivery())
  }

  /** What arrives in the watched queue before a message that is published to it now. */
  async beforeMarker(queue: string): Promise<Arrival | null> {
    await this.publish('', queue, { messageId: MARKER })
    const first = await this.arrival()
    return first.properties.messageId === MARKER ? null : first
  }

  private async get(queue: string, channel = 1): Promise<RawMessage | null> {
    this.peer.send('basic.get', { queue }, channel)
    const item = await this.peer.raw.next('basic.get-ok')
    if (item.kind !== 'method') throw new Error(`expected basic.get-ok, got ${item.kind}`)
    if (item.name === 'basic.get-empty') return null
    if (item.name !== 'basic.get-ok') throw new Error(`expected a message, got ${item.name}`)
    return this.content(item.args)
  }

  private async content(args: RawMessage['args']): Promise<RawMessage> {
    const item = await this.peer.raw.next('a content header')
    if (item.kind !== 'header') throw new Error(`expected a content header, got ${item.kind}`)
    let missing = item.header.bodySize
    const parts: Buffer[] = []
    while (missing > 0) {
      const part = await this.peer.raw.next('a body')
      if (part.kind !== 'body') throw new Error(`expected a body, got ${part.kind}`)
      parts.push(part.payload)
      missing -= part.payload.length
    }
    const { properties } = item.header
    return { args, properties, body: Buffer.concat(parts), frames: [] }
  }
}
