import amqplib, { type ChannelModel } from 'amqplib'
import { onTestFinished } from 'vitest'
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts'

/** A broker that is closed when the test has finished. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await createBroker(options)
  onTestFinished(() => broker.close())
  return broker
}

/**
 * An amqplib connection. `query` goes behind the address, such as `frameMax=8192`. Errors on it fail the test, but
 * not the one that comes when the broker closes after the test.
 */
export async function connectTo(broker: Broker, query = ''): Promise<ChannelModel> {
  const connection = await amqplib.connect(`${broker.url}?${query}`, { noDelay: true })
  onTestFinished(() => void connection.on('error', () => {}))
  return connection
}
