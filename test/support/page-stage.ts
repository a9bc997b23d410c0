import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib'
import { type Broker, createBroker } from '../../src/index.ts'

/** A broker with a small shop in it: exchanges, queues, dead letters, clients at work. */
export class PageStage {
  readonly broker: Broker
  private readonly connection: ChannelModel
  private readonly channel: ConfirmChannel
  private isOpen = true
  private timer: NodeJS.Timeout | null = null

  private constructor(broker: Broker, connection: ChannelModel, channel: ConfirmChannel) {
    this.broker = broker
    this.connection = connection
    this.channel = channel
  }

  static async start(): Promise<PageStage> {
    const broker = await createBroker({ management: { host: '127.0.0.1' } })
    const connection = await connect(broker.url, {
      clientProperties: { connection_name: 'shop-backend', product: 'shop' },
    })
    const stage = new PageStage(broker, connection, await connection.createConfirmChannel())
    connection.on('error', () => {}) // a test may close it
    connection.on('close', () => stage.stop())
    await stage.declare()
    await stage.fill()
    return stage
  }

  get port(): number {
    return this.broker.management?.port ?? 0
  }

  /** Publishes and consumes all the time, until the stage is closed. */
  async work(): Promise<void> {
    await this.channel.consume('shipping', (message) => {
      if (message !== null) setTimeout(() => this.ack(message), 60 + Math.random() * 90)
    })
    let step = 0
    this.timer = setInterval(() => {
      const count = 20 + Math.round(15 * Math.sin(step++ / 8))
      for (let i = 0; i < count; i++) this.order(i % 3 === 0 ? 'order.paid.de' : 'order.created.nl')
    }, 100)
  }

  private stop(): void {
    this.isOpen = false
    if (this.timer !== null) clearInterval(this.timer)
  }

  async close(): Promise<void> {
    this.stop()
    await this.connection.close().catch(() => {}) // a test may have closed it
    await this.broker.close()
  }

  /** What the connection cannot say any more when it is closed, the broker knows. */
  private ack(message: ConsumeMessage): void {
    if (this.isOpen) this.channel.ack(message)
  }

  private order(key: string): void {
    const body = JSON.stringify({
      order: 4711,
      item: 'carrots',
      amount: 3,
      paid: key.includes('paid'),
    })
    this.channel.publish('orders', key, Buffer.from(body), {
      contentType: 'application/json',
      headers: { shop: 'north' },
      messageId: `m-${key}`,
    })
  }

  private async declare(): Promise<void> {
    const { channel } = this
    await channel.assertExchange('orders', 'topic')
    await channel.assertExchange('audit', 'fanout')
    await channel.assertExchange('by-header', 'headers')
    await channel.assertQueue('billing')
    await channel.assertQueue('shipping', {
      deadLetterExchange: '',
      deadLetterRoutingKey: 'failed',
    })
    await channel.assertQueue('archive', { maxLength: 5000 })
    await channel.assertQueue('backlog')
    await channel.assertQueue('failed')
    await channel.bindQueue('billing', 'orders', 'order.paid.*')
    await channel.bindQueue('shipping', 'orders', 'order.paid.de')
    await channel.bindQueue('shipping', 'orders', 'order.created.#')
    await channel.bindExchange('audit', 'orders', 'order.#')
    await channel.bindQueue('archive', 'audit', '')
    await channel.bindQueue('billing', 'by-header', '', {
      'x-match': 'all',
      colour: 'red',
      size: 3,
    })
    await channel.prefetch(50)
    await channel.consume('billing', (message) => {
      if (message !== null) setTimeout(() => this.ack(message), 30)
    })
  }

  /** A backlog, and some orders that could not be shipped. */
  private async fill(): Promise<void> {
    const { channel } = this
    for (let i = 0; i < 3; i++) this.order('order.paid.de')
    await channel.waitForConfirms()
    for (let i = 0; i < 3; i++) {
      const message = await channel.get('shipping')
      if (message !== false) channel.reject(message, false)
    }
    for (let i = 1; i <= 25; i++) channel.sendToQueue('backlog', Buffer.from(`message ${i}`))
    await channel.waitForConfirms()
  }
}
