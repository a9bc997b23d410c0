import amqplib, { type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib'
import type { Published, QueueLedger } from './kill-ledger.ts'
import { publishBooked, readBooked } from './kill-message.ts'
import type { Random } from './kill-random.ts'
import { FORWARDING, ROUTES, type Topology } from './kill-topology.ts'

/** A client that goes on until its broker goes. */
export abstract class DoomedClient {
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>
  protected readonly channel: ConfirmChannel
  protected isGone = false

  protected constructor([connection, channel]: Connected, topology: Topology) {
    this.channel = channel
    connection.on('error', ignore) // as is to be expected
    channel.on('error', (error: Error) => topology.refusals.push(error.message))
    this.gone = new Promise<void>((resolve) => {
      connection.on('close', () => {
        this.isGone = true
        resolve()
      })
    })
  }

  protected static async connect(url: string): Promise<Connected> {
    const connection = await amqplib.connect(url, { noDelay: true })
    return [connection, await connection.createConfirmChannel()]
  }
}

type Connected = readonly [ChannelModel, ConfirmChannel]

function ignore(): void {}

/** Publishes all sorts of messages to all queues, with a window of unconfirmed ones. */
export class DoomedPublisher extends DoomedClient {
  confirmedCount = 0
  private readonly topology: Topology
  private readonly random: Random
  private readonly name: string
  private unconfirmedCount = 0
  private number = 0
  private onConfirm = ignore

  private constructor(connected: Connected, topology: Topology, random: Random, name: string) {
    super(connected, topology)
    this.topology = topology
    this.random = random
    this.name = name
  }

  static async start(url: string, topology: Topology, random: Random, name: string) {
    const connected = await DoomedClient.connect(url)
    const publisher = new DoomedPublisher(connected, topology, random, name)
    void publisher.run()
    return publisher
  }

  private async run(): Promise<void> {
    const window = this.random.from(1, 300)
    for (;;) {
      while (this.unconfirmedCount >= window) {
        const confirmed = new Promise<void>((resolve) => {
          this.onConfirm = resolve
        })
        await Promise.race([confirmed, this.gone])
        if (this.isGone) return
      }
      this.publish()
    }
  }

  private publish(): void {
    const { random, topology } = this
    const route = random.oneOf(ROUTES)
    const message = {
      publisher: this.name,
      number: this.number++,
      priority: route.routingKey === 'priority' ? random.from(0, 3) : 0,
      isTransient: route.takesTransient && random.isTrue(0.05),
    }
    this.unconfirmedCount++
    publishBooked(this.channel, topology, route, message, randomSize(random), () => {
      this.unconfirmedCount--
      this.confirmedCount++
      this.onConfirm()
    })
  }
}

function randomSize(random: Random): number {
  const kind = random.share()
  if (kind < 0.6) return random.from(12, 200)
  if (kind < 0.97) return random.from(200, 8000)
  return random.from(8000, 200_000)
}

/**
 * Takes messages and acknowledges, rejects and returns them as it likes, or keeps them. Now and then publishes a
 * message behind that: once it is confirmed, all that was settled before it is settled for good.
 */
export class DoomedConsumer extends DoomedClient {
  deliveredCount = 0
  private readonly topology: Topology
  private readonly random: Random
  private readonly ledger: QueueLedger
  private readonly name: string
  private readonly kept = new Map<number, Published>() // by delivery tag
  private settled: Published[] = [] // since the last message behind
  private number = 0

  private constructor(
    connected: Connected,
    topology: Topology,
    random: Random,
    queue: string,
    name: string,
  ) {
    super(connected, topology)
    this.topology = topology
    this.random = random
    this.ledger = topology.ledger(queue)
    this.name = name
  }

  static async start(url: string, topology: Topology, random: Random, queue: string, name: string) {
    const connected = await DoomedClient.connect(url)
    const consumer = new DoomedConsumer(connected, topology, random, queue, name)
    const { channel } = consumer
    await channel.prefetch(random.oneOf([1, 5, 50, 300]))
    await channel.consume(queue, (message) => {
      if (message !== null && !consumer.isGone) consumer.take(message)
    })
    return consumer
  }

  private take(delivery: ConsumeMessage): void {
    const message = readBooked(delivery)
    this.deliveredCount++
    this.ledger.delivered(message, delivery.fields.redelivered)
    this.kept.set(delivery.fields.deliveryTag, message)
    this.decide(delivery)
    if (this.settled.length >= SETTLED_BEFORE_FORWARDING) this.forward()
  }

  private decide(delivery: ConsumeMessage): void {
    const { channel, random } = this
    const { deliveryTag } = delivery.fields
    const decision = random.share()
    if (decision < 0.6) {
      channel.ack(delivery)
      this.settle(deliveryTag)
    } else if (decision < 0.7) {
      channel.ack(delivery, true)
      for (const tag of this.kept.keys()) if (tag <= deliveryTag) this.settle(tag)
    } else if (decision < 0.8) {
      channel.nack(delivery, false, false)
      this.settle(deliveryTag)
    } else if (decision < 0.9) {
      this.kept.delete(deliveryTag)
      channel.nack(delivery, false, true)
    }
  }

  private settle(tag: number): void {
    const message = this.kept.get(tag)!
    this.kept.delete(tag)
    this.ledger.settled(message)
    this.settled.push(message)
  }

  private forward(): void {
    const { settled, random } = this
    this.settled = []
    const message = {
      publisher: this.name,
      number: this.number++,
      priority: 0,
      isTransient: false,
    }
    publishBooked(this.channel, this.topology, FORWARDING, message, random.from(12, 100), () => {
      for (const each of settled) this.ledger.settledForGood(each)
    })
  }
}

const SETTLED_BEFORE_FORWARDING = 15
