import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrokerIdentity } from './case.ts'
import type { Table } from './field-table.ts'
import type { Arguments } from './methods.ts'
import { RawConnection } from './raw-connection.ts'

const REMOVE_ATTEMPTS = 20
const REMOVE_PAUSE_MS = 50

/** The broker under test and the way to it. */
export class Target {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly vhost: string
  readonly broker: BrokerIdentity
  private readonly exchangeTypes = new Map<string, Promise<boolean>>()
  /** True for Leveret itself: a type that it lacked would be a failure. */
  private readonly hasAllExchangeTypes: boolean
  private readonly stop: () => Promise<void>

  private constructor(
    url: URL,
    broker: BrokerIdentity,
    stop: () => Promise<void>,
    hasAllExchangeTypes = false,
  ) {
    this.host = url.hostname.replace(/^\[|\]$/g, '')
    this.port = Number(url.port || 5672)
    this.username = decodeURIComponent(url.username || 'guest')
    this.password = decodeURIComponent(url.password || 'guest')
    this.vhost = decodeURIComponent(url.pathname.slice(1)) || '/'
    this.broker = broker
    this.stop = stop
    this.hasAllExchangeTypes = hasAllExchangeTypes
  }

  /** The broker at an amqp:// URL. */
  static async at(
    address: string,
    stop = async () => {},
    hasAllExchangeTypes = false,
  ): Promise<Target> {
    const url = new URL(address)
    if (url.protocol !== 'amqp:') throw new Error(`expected an amqp:// URL, received ${address}`)
    const unknown = new Target(url, { product: '', version: '' }, stop)
    const raw = await unknown.connect()
    const properties = raw.start.serverProperties
    await raw.connection.close()
    const broker = {
      product: property(Array.isArray(properties) ? properties : [], 'product'),
      version: property(Array.isArray(properties) ? properties : [], 'version'),
    }
    return new Target(url, broker, stop, hasAllExchangeTypes)
  }

  /** A Leveret of our own, in this process, with a data directory or without. */
  static async leveret(dataDir: string | null = null): Promise<Target> {
    const { createBroker } = await import('../../src/index.ts')
    const broker = await createBroker({
      amqp: { port: 0, host: '127.0.0.1' },
      ...(dataDir === null ? {} : { dataDir }),
    })
    return Target.at(broker.url, () => broker.close(), true)
  }

  /** Deletes queues and exchanges; none of the names need exist. */
  async remove(names: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const refused = await this.tryToRemove(names)
      if (refused === null) return
      if (attempt === REMOVE_ATTEMPTS) throw new Error(`clean-up: ${refused}`)
      // An exclusive queue stays locked until the broker has seen its connection go.
      await delay(REMOVE_PAUSE_MS)
    }
  }

  /** Whether an exchange of this type can be declared, or would be refused for something else. */
  hasExchangeType(type: string): Promise<boolean> {
    if (this.hasAllExchangeTypes) return Promise.resolve(true)
    const known = this.exchangeTypes.get(type)
    if (known !== undefined) return known
    const asked = this.askForExchangeType(type)
    this.exchangeTypes.set(type, asked)
    return asked
  }

  async close(): Promise<void> {
    await this.stop()
  }

  private async tryToRemove(names: readonly string[]): Promise<string | null> {
    const { connection } = await this.connect()
    try {
      await connection.call(1, 'channel.open')
      for (const [method, args] of names.flatMap(removals)) {
        connection.send(1, method, args)
        const reply = await connection.next()
        if (reply.kind !== 'method') return 'the connection ended'
        if (reply.name !== `${method}-ok`) return String(reply.args.replyText)
      }
      await connection.close()
      return null
    } finally {
      connection.destroy()
    }
  }

  private async askForExchangeType(type: string): Promise<boolean> {
    const { connection } = await this.connect()
    try {
      await connection.call(1, 'channel.open')
      const exchange = `conformance-${randomBytes(6).toString('hex')}`
      connection.send(1, 'exchange.declare', { exchange, type })
      const reply = await connection.next('exchange.declare-ok')
      if (reply.kind === 'method' && /\.close$/.test(reply.name)) {
        return !/(unknown|invalid) exchange type/.test(String(reply.args.replyText))
      }
      await connection.call(1, 'exchange.delete', { exchange })
      return true
    } finally {
      connection.destroy()
    }
  }

  private async connect() {
    const connection = await RawConnection.dial(this.host, this.port)
    const { start } = await connection.handshake({
      response: `\0${this.username}\0${this.password}`,
      vhost: this.vhost,
    })
    return { connection, start }
  }
}

/** No exchange of a case is called amq.something, and deleting one is refused. */
function removals(name: string): [method: string, args: Arguments][] {
  const queue: [string, Arguments] = ['queue.delete', { queue: name }]
  if (name.startsWith('amq.')) return [queue]
  return [queue, ['exchange.delete', { exchange: name }]]
}

function property(properties: Table, name: string): string {
  const found = properties.find(([key]) => key === name)
  return found === undefined ? '' : String(found[2])
}
