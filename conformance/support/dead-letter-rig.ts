import assert from 'node:assert/strict'
import type { Properties } from './content-header.ts'
import type { FieldValue, Table } from './field-table.ts'
import type { Argument } from './methods.ts'
import type { RawConnection, RawMessage } from './raw-connection.ts'
import type { Session } from './session.ts'

export type RigOptions = {
  /** Arguments of the queue beside its dead-letter exchange. */
  readonly args?: Table
  /** Of the dead-letter exchange; the target is bound to it with the key `#`. */
  readonly type?: 'fanout' | 'topic'
  readonly targetArgs?: Table
}

/**
 * A queue, its dead-letter exchange and a target queue behind that, with a consumer that sees everything the target
 * gets. All that dies in one queue comes in the order of dying, so a last one that is made to die tells that nothing
 * else did.
 */
export class DeadLetterRig {
  readonly t: Session
  readonly raw: RawConnection
  readonly queue: string
  readonly exchange: string
  readonly target: string
  private readonly reader: RawConnection

  private constructor(t: Session, raw: RawConnection, reader: RawConnection, exchange: string) {
    this.t = t
    this.raw = raw
    this.reader = reader
    this.exchange = exchange
    this.queue = t.name('queue')
    this.target = t.name('target')
  }

  static async build(t: Session, options: RigOptions = {}): Promise<DeadLetterRig> {
    const rig = new DeadLetterRig(t, await t.raw(), await t.raw(), t.name('dlx'))
    const { raw, exchange, target, queue } = rig
    await raw.call(1, 'exchange.declare', { exchange, type: options.type ?? 'fanout' })
    await rig.declare(target, options.targetArgs ?? [])
    await raw.call(1, 'queue.bind', { queue: target, exchange, routingKey: '#' })
    await rig.declare(queue, [['x-dead-letter-exchange', 'S', exchange], ...(options.args ?? [])])
    await rig.reader.call(1, 'basic.consume', { queue: target, noAck: true })
    return rig
  }

  async declare(queue: string, args: Table): Promise<void> {
    await this.raw.call(1, 'queue.declare', { queue, durable: true, arguments: args })
  }

  /** Publishes to the queue by the default exchange. */
  publish(body: string, properties: Properties = {}): void {
    this.raw.publish(1, { routingKey: this.queue }, body, properties)
  }

  /** Fetches from a queue and gives the delivery tag. */
  async get(queue = this.queue): Promise<Argument> {
    return (await this.fetch(queue)).args.deliveryTag ?? 0
  }

  /** Waits until the queue has a message, and fetches it. */
  fetch(queue = this.queue): Promise<RawMessage> {
    return fetchFrom(this.t, this.raw, queue)
  }

  /** Has the first message of the queue rejected. */
  async reject(queue = this.queue): Promise<void> {
    this.raw.send(1, 'basic.reject', { deliveryTag: await this.get(queue), requeue: false })
  }

  /** The next message that came to the target. */
  async dead(): Promise<RawMessage> {
    return this.reader.message(1, 'basic.deliver')
  }

  async deadBodies(count: number): Promise<string[]> {
    const bodies: string[] = []
    while (bodies.length < count) bodies.push((await this.dead()).body.toString())
    return bodies
  }

  /** Publishes one more message, lets it die and sees that it is the next in the target. */
  async expectNoMoreDead(): Promise<void> {
    this.publish('the last one')
    await this.reject()
    assert.deepEqual(await this.deadBodies(1), ['the last one'])
  }
}

/** Waits until a queue has a message, and fetches it on channel 1. */
export async function fetchFrom(
  t: Session,
  raw: RawConnection,
  queue: string,
): Promise<RawMessage> {
  let message: RawMessage | null = null
  await t.until(`a message in ${queue}`, async () => {
    raw.send(1, 'basic.get', { queue })
    const reply = await raw.peek('basic.get-ok')
    if (reply.kind === 'method' && reply.name === 'basic.get-empty') {
      await raw.next()
      return false
    }
    message = await raw.message(1, 'basic.get-ok')
    return true
  })
  assert.ok(message)
  return message
}

/** The value of a header; undefined where there is none. */
export function header(message: RawMessage, name: string): FieldValue | undefined {
  return message.properties.headers?.find(([key]) => key === name)?.[2]
}

/** The tag of a header's type; undefined where there is none. */
export function headerTag(message: RawMessage, name: string): string | undefined {
  return message.properties.headers?.find(([key]) => key === name)?.[1]
}

/** The entries of x-death, the most recent first. */
export function deaths(message: RawMessage): Table[] {
  const value = header(message, 'x-death')
  assert.ok(Array.isArray(value), 'the message has no x-death')
  return value.map((item) => {
    assert.equal(item[0], 'F')
    assert.ok(Array.isArray(item[1]))
    return fieldsOf(item[1])
  })
}

/** An entry as an object of values, without types. */
export function plain(entry: Table): Record<string, unknown> {
  return Object.fromEntries(
    entry.map(([name, tag, value]) => [name, tag === 'A' ? itemsOf(value) : value]),
  )
}

/** `queue reason count` of every entry, the most recent first. */
export function deathLines(message: RawMessage): string[] {
  return deaths(message).map((entry) => {
    const { queue, reason, count } = plain(entry)
    return `${queue} ${reason} ${count}`
  })
}

function itemsOf(value: FieldValue): unknown[] {
  return Array.isArray(value) ? value.map((item) => item[1]) : []
}

function fieldsOf(value: readonly unknown[]): Table {
  return value.map((field) => {
    assert.ok(isField(field))
    return field
  })
}

function isField(field: unknown): field is Table[number] {
  return Array.isArray(field) && field.length === 3
}
