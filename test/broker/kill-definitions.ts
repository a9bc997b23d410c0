import amqplib, { type ChannelModel, type ConfirmChannel } from 'amqplib'
import type { Random } from './kill-random.ts'

/** Durable queues and exchanges that come and go, each bound to an exchange under its name. */
export class Definitions {
  readonly faults: string[] = []
  private readonly fates = new Map<string, Fate>()
  private number = 0

  async declareExchange(url: string): Promise<void> {
    const connection = await amqplib.connect(url)
    const channel = await connection.createChannel()
    await channel.assertExchange(EXCHANGE, 'direct')
    await connection.close()
  }

  /** Begins to declare and delete, one after the other. What it gives resolves when the connection is gone. */
  async startChanging(url: string, random: Random): Promise<{ readonly gone: Promise<void> }> {
    const connection = await amqplib.connect(url, { noDelay: true })
    connection.on('error', () => {}) // as is to be expected
    const channel = await connection.createConfirmChannel()
    channel.on('error', (error: Error) => this.faults.push(error.message))
    return { gone: this.change(channel, random) }
  }

  /** Looks whether a broker that has started again knows what it must, and nothing else. */
  async compare(url: string): Promise<void> {
    const connection = await amqplib.connect(url, { noDelay: true })
    const unbound = await unboundNames(connection, [...this.fates.keys()])
    for (const [name, fate] of this.fates) {
      const isThere = await hasQueue(connection, name)
      if (fate === 'there' && !isThere) this.faults.push(`queue ${name} is lost`)
      if (fate === 'there' && unbound.has(name)) this.faults.push(`the binding of ${name} is lost`)
      if (fate === 'gone' && isThere) this.faults.push(`queue ${name} came back`)
      if (fate === 'gone' && !unbound.has(name)) this.faults.push(`binding of ${name} came back`)
      await this.tidy(connection, name, isThere)
    }
    await connection.close()
  }

  private async change(channel: ConfirmChannel, random: Random): Promise<void> {
    let isThere = true
    channel.on('close', () => {
      isThere = false
    })
    while (isThere) {
      const change = random.isTrue(0.6) ? this.declare(channel) : this.delete(channel, random)
      await change.catch(() => {}) // the channel has gone, and has told why if it was refused
    }
  }

  private async declare(channel: ConfirmChannel): Promise<void> {
    const name = `defined-${this.number++}`
    this.fates.set(name, 'open')
    await channel.assertQueue(name, SETTINGS)
    await channel.bindQueue(name, EXCHANGE, name)
    this.fates.set(name, 'there')
  }

  private async delete(channel: ConfirmChannel, random: Random): Promise<void> {
    const names = [...this.fates].flatMap(([name, fate]) => (fate === 'there' ? [name] : []))
    if (names.length === 0) return
    const name = random.oneOf(names)
    this.fates.set(name, 'open')
    await channel.deleteQueue(name)
    this.fates.set(name, 'gone')
  }

  /** Few are kept, and none whose fate was open. */
  private async tidy(connection: ChannelModel, name: string, isThere: boolean): Promise<void> {
    const isKept = this.fates.get(name) === 'there' && this.fates.size <= MOST
    if (isKept) return
    this.fates.delete(name)
    if (!isThere) return
    const channel = await connection.createChannel()
    await channel.deleteQueue(name)
    await channel.close()
  }
}

/** Asks for the queue, and declares it once more as it was, which fails when it has become another. */
async function hasQueue(connection: ChannelModel, name: string): Promise<boolean> {
  const channel = await connection.createChannel()
  let refusal = ''
  channel.on('error', (error: Error) => {
    refusal = error.message
  })
  try {
    await channel.checkQueue(name)
    await channel.assertQueue(name, SETTINGS)
    await channel.close()
    return true
  } catch (error) {
    if (refusal.includes('NOT_FOUND')) return false
    throw error
  }
}

/** Those under which the exchange leads nowhere. */
async function unboundNames(
  connection: ChannelModel,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const channel = await connection.createConfirmChannel()
  const unbound = new Set<string>()
  channel.on('error', () => {}) // the call that it ends tells
  await channel.checkExchange(EXCHANGE)
  channel.on('return', ({ fields }) => unbound.add(fields.routingKey))
  for (const name of names) channel.publish(EXCHANGE, name, Buffer.alloc(0), { mandatory: true })
  await channel.waitForConfirms()
  await channel.close()
  return unbound
}

type Fate = 'there' | 'gone' | /** asked for, but not answered */ 'open'

const EXCHANGE = 'definitions'
const MOST = 40
const SETTINGS = { durable: true, arguments: { 'x-max-length': 3, 'x-message-ttl': 60_000 } }
