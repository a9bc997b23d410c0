import type { Properties } from '../support/content-header.ts'
import { fetchFrom } from '../support/dead-letter-rig.ts'
import type { Table } from '../support/field-table.ts'
import type { RawConnection, RawMessage } from '../support/raw-connection.ts'
import type { Session } from '../support/session.ts'

/** What a consumer sees of a message, with the labels of a topology in place of the names of a run. */
export type Sighting = {
  /** Where in the topology it was seen. */
  readonly at: string
  readonly body: string
  readonly exchange: string
  readonly routingKey: string
  readonly redelivered: boolean
  readonly headers: Table
}

/**
 * A topology on one broker: queues and exchanges go by labels, so that what two brokers made of the same messages can
 * be compared.
 */
export class Stage {
  readonly sightings: Sighting[] = []
  private readonly t: Session
  private readonly raw: RawConnection
  private readonly names = new Map<string, string>()

  private constructor(t: Session, raw: RawConnection) {
    this.t = t
    this.raw = raw
  }

  static async on(t: Session): Promise<Stage> {
    return new Stage(t, await t.raw())
  }

  async exchange(label: string, type = 'fanout'): Promise<void> {
    await this.raw.call(1, 'exchange.declare', { exchange: this.name(label), type })
  }

  async queue(label: string, args: Table = []): Promise<void> {
    const queue = this.name(label)
    await this.raw.call(1, 'queue.declare', { queue, durable: true, arguments: args })
  }

  async bind(queue: string, exchange: string, routingKey = ''): Promise<void> {
    const names = { queue: this.name(queue), exchange: this.name(exchange) }
    await this.raw.call(1, 'queue.bind', { ...names, routingKey: this.key(routingKey) })
  }

  /** Arguments of a queue that dead-letters to an exchange; the label '' is the default exchange. */
  deadLettersTo(exchange: string, key?: string): Table {
    const args: Table = [['x-dead-letter-exchange', 'S', this.name(exchange)]]
    if (key !== undefined) args.push(['x-dead-letter-routing-key', 'S', this.name(key)])
    return args
  }

  /** Publishes through an exchange; without one, straight to the queue of the label `key`. */
  publish(key: string, body: string, properties: Properties = {}, exchange = ''): void {
    const address = { exchange: this.name(exchange), routingKey: this.name(key) }
    this.raw.publish(1, address, body, properties)
  }

  /** Waits for a message in a queue and notes what it looks like. */
  async see(queue: string): Promise<RawMessage> {
    const message = await fetchFrom(this.t, this.raw, this.name(queue))
    this.sightings.push({
      at: queue,
      body: message.body.toString(),
      exchange: this.labelled(String(message.args.exchange)),
      routingKey: this.labelled(String(message.args.routingKey)),
      redelivered: message.args.redelivered === true,
      headers: this.relabelled(message.properties.headers ?? []),
    })
    return message
  }

  ack({ args }: RawMessage): void {
    this.raw.send(1, 'basic.ack', { deliveryTag: args.deliveryTag ?? 0 })
  }

  reject({ args }: RawMessage): void {
    this.raw.send(1, 'basic.reject', { deliveryTag: args.deliveryTag ?? 0, requeue: false })
  }

  nack({ args }: RawMessage): void {
    this.raw.send(1, 'basic.nack', { deliveryTag: args.deliveryTag ?? 0, requeue: false })
  }

  /** Waits until a queue has no ready message. */
  async emptied(label: string): Promise<void> {
    await this.t.until(`${label} is empty`, async () => {
      const args = { queue: this.name(label), passive: true }
      return (await this.raw.call(1, 'queue.declare', args)).messageCount === 0
    })
  }

  /** Keys are labels too, but for patterns. */
  private key(label: string): string {
    return label === '#' ? label : this.name(label)
  }

  private name(label: string): string {
    if (label === '') return ''
    const known = this.names.get(label)
    if (known !== undefined) return known
    const name = this.t.name(label)
    this.names.set(label, name)
    return name
  }

  private labelled(name: string): string {
    for (const [label, known] of this.names) if (known === name) return label
    return name
  }

  private relabelled(headers: Table): Table {
    const text = JSON.stringify(headers, (_key, value: unknown) =>
      typeof value === 'bigint' ? { bigint: String(value) } : value,
    )
    const all = [...this.names].reduce(
      (done, [label, name]) => done.replaceAll(JSON.stringify(name), JSON.stringify(label)),
      text,
    )
    return JSON.parse(all, (_key, value: unknown) =>
      isBigint(value) ? BigInt(value.bigint) : value,
    )
  }
}

function isBigint(value: unknown): value is { bigint: string } {
  return typeof value === 'object' && value !== null && 'bigint' in value
}
