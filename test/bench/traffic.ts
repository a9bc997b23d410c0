import { once } from 'node:events'
import type { Channel, ConfirmChannel } from 'amqplib'
import { numberedBody } from './numbered-body.ts'
import type { Tally } from './tally.ts'

/** Publishes messages 0 to `count` - 1 as fast as the broker takes them; resolves when all are confirmed. */
export async function publishNumbered(
  channel: ConfirmChannel,
  queue: string,
  count: number,
  bodySize: number,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    if (!channel.sendToQueue(queue, numberedBody(number, bodySize))) await once(channel, 'drain')
    if (number % UNCONFIRMED_LIMIT === 0) await channel.waitForConfirms()
  }
  await channel.waitForConfirms()
}

/** Takes messages until `count` have come, and acknowledges each. `onMessage` hears how many there were. */
export async function consumeNumbered(
  channel: Channel,
  queue: string,
  count: number,
  tally: Tally,
  onMessage: (received: number) => void = () => {},
): Promise<void> {
  await channel.prefetch(PREFETCH)
  await new Promise<void>((resolve, reject) => {
    const subscribed = channel.consume(queue, (message) => {
      if (message === null) return reject(new Error('the consumer was cancelled'))
      tally.take(message.content)
      channel.ack(message)
      onMessage(tally.received)
      if (tally.received === count) resolve()
    })
    subscribed.catch(reject)
  })
}

const UNCONFIRMED_LIMIT = 1000
const PREFETCH = 500
