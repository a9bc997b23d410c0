import amqplib, { type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib'
import { onTestFinished } from 'vitest'
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts'
import { dataDirectory } from '../support/data-directory.ts'

/** A broker with a data directory, that is closed and started again as often as a test wants. */
export class RestartingBroker {
  readonly options: BrokerOptions & { readonly dataDir: string }
  private running: Broker

  private constructor(running: Broker, options: RestartingBroker['options']) {
    this.running = running
    this.options = options
  }

  static async start(options: BrokerOptions = {}): Promise<RestartingBroker> {
    const all = { ...options, dataDir: await dataDirectory() }
    const broker = new RestartingBroker(await createBroker(all), all)
    onTestFinished(() => broker.close())
    return broker
  }

  get administration() {
    return this.running.administration
  }

  /** A connection that does not mind that the broker closes it. */
  async connect(login: Login = {}): Promise<ChannelModel> {
    const { user = 'guest', vhost = '/' } = login
    const { host: hostname, port } = this.running.amqp
    const connection = await amqplib.connect(
      { hostname, port, username: user, password: login.password ?? user, vhost },
      { noDelay: true },
    )
    connection.on('error', () => {})
    return connection
  }

  async channel(login: Login = {}): Promise<ConfirmChannel> {
    const channel = await (await this.connect(login)).createConfirmChannel()
    channel.on('error', () => {})
    return channel
  }

  /** What the broker says to something that fails, on a channel of its own. */
  async refusal(work: (channel: Channel) => Promise<unknown>, login: Login = {}): Promise<string> {
    const connection = await this.connect(login)
    const channel = await connection.createChannel()
    const closed = new Promise<string>((resolve) => {
      channel.on('error', (error: Error) => resolve(error.message))
    })
    await work(channel).catch(() => {})
    const message = await closed
    await connection.close()
    return message
  }

  async restart(options: BrokerOptions = {}): Promise<void> {
    await this.close()
    this.running = await createBroker({ ...this.options, ...options })
  }

  close(): Promise<void> {
    return this.running.close()
  }
}

/** By default guest in the vhost `/`; a password that is not given is the user's name. */
interface Login {
  readonly user?: string
  readonly password?: string
  readonly vhost?: string
}
