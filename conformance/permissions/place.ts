import { isRabbitMqInstalled, startRabbitMq } from '../support/rabbitmq-node.ts'
import { Api } from './api.ts'

/** A broker that is there for the suite, and the two ways to it. */
export interface Place {
  /** Of the operator, as amqp://user:password@host:port. */
  readonly url: string
  readonly api: Api
  /** It has routes of its own. */
  readonly isLeveret: boolean
  stop(): Promise<void>
}

export interface Wanted {
  readonly rabbitmq?: boolean | undefined
  readonly url?: string | undefined
  readonly api?: string | undefined
}

/** The broker that the command line names; a Leveret in this process if it names none. */
export async function placeFor({ rabbitmq = false, url, api }: Wanted): Promise<Place> {
  if (url !== undefined) {
    if (api === undefined) throw new Error('--url needs --api, the URL of the HTTP API')
    return { url, api: new Api(new URL(api)), isLeveret: false, stop: async () => {} }
  }
  return rabbitmq ? rabbitMq() : leveret()
}

async function rabbitMq(): Promise<Place> {
  if (!isRabbitMqInstalled()) throw new Error('rabbitmq-server is not installed')
  const node = await startRabbitMq({ hasManagement: true })
  const { management } = node
  if (management === null) throw new Error('the broker has no management')
  const api = new Api(new URL(`http://${management.host}:${management.port}`))
  return { url: node.url, api, isLeveret: false, stop: () => node.stop() }
}

async function leveret(): Promise<Place> {
  const { createBroker } = await import('../../src/index.ts')
  const broker = await createBroker({
    amqp: { host: '127.0.0.1' },
    management: { host: '127.0.0.1' },
  })
  const { management } = broker
  if (management === null) throw new Error('the broker has no management')
  const api = new Api(new URL(`http://127.0.0.1:${management.port}`))
  return { url: broker.url, api, isLeveret: true, stop: () => broker.close() }
}
