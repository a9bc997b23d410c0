import type { Options } from 'amqplib'
import { type Session, text } from './session.ts'

/**
 * Publishes messages, each with its key as body, and empties the queues: how many each of them got, and which key
 * came to which of them last.
 */
export async function shareOut(
  t: Session,
  exchange: string,
  queues: readonly string[],
  messages: readonly { key: string; options: Options.Publish }[],
): Promise<{ shares: number[]; placed: Map<string, number> }> {
  const ch = await t.confirmChannel()
  for (const { key, options } of messages) ch.publish(exchange, key, Buffer.from(key), options)
  await ch.waitForConfirms()
  const shares: number[] = []
  const placed = new Map<string, number>()
  for (const [at, queue] of queues.entries()) {
    const { messageCount } = await ch.checkQueue(queue)
    const reader = await t.channel()
    const consumer = await t.consume(reader, queue, { noAck: true })
    for (const message of await consumer.take(messageCount)) placed.set(text(message), at)
    await reader.close()
    shares.push(messageCount)
  }
  return { shares, placed }
}
