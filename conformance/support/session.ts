import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type {
  Channel,
  ChannelModel,
  ConfirmChannel,
  ConsumeMessage,
  Message,
  Options,
  SocketOptions,
} from 'amqplib'
import amqplib from 'amqplib'
import type { BrokerIdentity } from './case.ts'
import type { Failure } from './failure.ts'
import { Inbox } from './inbox.ts'
import { methodName } from './methods.ts'
import { type Handshake, RawConnection } from './raw-connection.ts'
import type { Target } from './target.ts'

const UNTIL_TIMEOUT_MS = 8000
const UNTIL_PAUSE_MS = 20

/** A consumer and what it got. `null` stands for a cancellation by the broker. */
export type Consumer = Inbox<ConsumeMessage | null> & { readonly tag: string }

/**
 * What a case works with: connections and names of its own. Everything it made is gone after
 * `cleanUp`, whether the case held or not.
 */
export class Session {
  readonly target: Target
  private readonly prefix = `conformance-${randomBytes(6).toString('hex')}`
  private readonly names: string[] = []
  private readonly connections: ChannelModel[] = []
  private readonly raws: RawConnection[] = []
  private readonly failures = new WeakMap<object, Inbox<Failure>>()
  private shared: Promise<ChannelModel> | null = null
  private filler: Promise<ConfirmChannel> | null = null

  constructor(target: Target) {
    this.target = target
  }

  get broker(): BrokerIdentity {
    return this.target.broker
  }

  /** `in vhost '/'`, as the broker's texts end. */
  get inVhost(): string {
    return `in vhost '${this.target.vhost}'`
  }

  /** A name nobody else uses; a queue or exchange of that name is deleted afterwards. */
  name(label: string): string {
    return this.own(`${this.prefix}-${label}-${this.names.length}`)
  }

  /** Has the queue or exchange of this name deleted afterwards. */
  own(name: string): string {
    this.names.push(name)
    return name
  }

  /** A connection of amqplib. */
  async connect(options: Options.Connect = {}, socket: SocketOptions = {}): Promise<ChannelModel> {
    const { host, port, username, password, vhost } = this.target
    const connection = await amqplib.connect(
      { hostname: host, port, username, password, vhost: encodeURIComponent(vhost), ...options },
      { noDelay: true, ...socket },
    )
    this.connections.push(connection)
    this.watch(connection, 'connection')
    return connection
  }

  /** A channel; on the case's main connection unless told otherwise. */
  async channel(connection?: ChannelModel): Promise<Channel> {
    return this.watched(await (await this.connectionFor(connection)).createChannel())
  }

  async confirmChannel(connection?: ChannelModel): Promise<ConfirmChannel> {
    return this.watched(await (await this.connectionFor(connection)).createConfirmChannel())
  }

  /** A socket on which nothing has been said yet. */
  async dial(): Promise<RawConnection> {
    const raw = await RawConnection.dial(this.target.host, this.target.port)
    this.raws.push(raw)
    return raw
  }

  /** An open raw connection with channel 1 open. */
  async raw(options: Handshake = {}): Promise<RawConnection> {
    const raw = await this.dial()
    await raw.handshake({ ...this.credentials(), ...options })
    await raw.call(1, 'channel.open')
    return raw
  }

  /** What a raw handshake needs to log in to this broker. */
  credentials(): Required<Pick<Handshake, 'response' | 'vhost'>> {
    const { username, password, vhost } = this.target
    return { response: `\0${username}\0${password}`, vhost }
  }

  /** How the broker closed this channel or connection, waiting until it does. */
  failure(of: Channel | ChannelModel): Promise<Failure> {
    const inbox = this.failures.get(of)
    if (inbox === undefined) throw new Error('not a channel or connection of this case')
    return inbox.next()
  }

  /** Declares a durable queue of a fresh name, unless told otherwise, and gives its name. */
  async queue(channel: Channel, options: Options.AssertQueue = {}): Promise<string> {
    return (await channel.assertQueue(this.name('queue'), options)).queue
  }

  async exchange(
    channel: Channel,
    type: string,
    options: Options.AssertExchange = {},
  ): Promise<string> {
    return (await channel.assertExchange(this.name(type), type, options)).exchange
  }

  async consume(channel: Channel, queue: string, options: Options.Consume = {}): Promise<Consumer> {
    const inbox = new Inbox<ConsumeMessage | null>()
    const { consumerTag } = await channel.consume(queue, inbox.push, options)
    return Object.assign(inbox, { tag: consumerTag })
  }

  /** Publishes to a queue and returns when the queue has everything. */
  async fill(queue: string, bodies: readonly string[]): Promise<void> {
    this.filler ??= this.confirmChannel()
    const channel = await this.filler
    for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body))
    await channel.waitForConfirms()
  }

  /** Takes the bodies of all ready messages. */
  async drain(channel: Channel, queue: string): Promise<string[]> {
    const bodies: string[] = []
    for (;;) {
      const message = await channel.get(queue, { noAck: true })
      if (message === false) return bodies
      bodies.push(text(message))
    }
  }

  /**
   * Returns when everything the queue had for this channel has arrived: the queue answers the
   * first declare after its deliveries, the channel the second after it has passed them on.
   * What was published before has to be confirmed: a count may overtake a publish.
   */
  async settle(channel: Channel, queue: string): Promise<void> {
    await channel.checkQueue(queue)
    await channel.checkQueue(queue)
  }

  /** Asks until the answer is yes, for what no message and no frame would tell. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + UNTIL_TIMEOUT_MS
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`not within ${UNTIL_TIMEOUT_MS} ms: ${what}`)
      await delay(UNTIL_PAUSE_MS)
    }
  }

  /** What the case is still waiting for on its raw connections. */
  awaited(): string[] {
    return this.raws.map((raw) => raw.awaited).filter((awaited) => awaited !== null)
  }

  /** Closes the connections, then deletes what bears one of the case's names. */
  async cleanUp(): Promise<void> {
    for (const raw of this.raws) raw.destroy()
    await Promise.allSettled(this.connections.map((connection) => connection.close()))
    if (this.names.length > 0) await this.target.remove(this.names)
  }

  private connectionFor(connection?: ChannelModel): Promise<ChannelModel> {
    if (connection !== undefined) return Promise.resolve(connection)
    this.shared ??= this.connect()
    return this.shared
  }

  private watched<C extends Channel>(channel: C): C {
    this.watch(channel, 'channel')
    return channel
  }

  private watch(emitter: Channel | ChannelModel, level: Failure['level']): void {
    const inbox = new Inbox<Failure>()
    this.failures.set(emitter, inbox)
    const listener = (error: Error & { code?: number; classId?: number; methodId?: number }) => {
      inbox.push({
        level,
        code: error.code ?? 0,
        text: /with message "([\s\S]*)"$/.exec(error.message)?.[1] ?? error.message,
        method: methodName(error.classId ?? 0, error.methodId ?? 0),
      })
    }
    emitter.on('error', listener)
  }
}

/** The body of a message as text. */
export function text(message: Message | null | false): string {
  if (message === null || message === false) throw new Error('expected a message, received none')
  return message.content.toString()
}
