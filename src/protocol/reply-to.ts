import { randomBytes } from 'node:crypto'
import type { Message } from '../core/message.ts'
import type { Channel } from './channel.ts'

/** The queue that clients consume from, and name in reply-to, for direct replies. */
export const REPLY_TO = 'amq.rabbitmq.reply-to'

/**
 * Direct reply-to (RabbitMQ documentation): a requester consumes from a queue that does not exist, the reply-to of
 * its requests becomes a token, and whoever publishes to the default exchange with the token as routing key reaches
 * the requester. Replies are never stored: they arrive at once or not at all.
 */
export class ReplyTo {
  private readonly consumers = new Map<string, ReplyConsumer>()

  add(channel: Channel, consumerTag: string): ReplyConsumer {
    const token = `${REPLY_TO}.${randomText(32)}.${randomText(12)}`
    const consumer = { token, channel, consumerTag }
    this.consumers.set(token, consumer)
    return consumer
  }

  remove(consumer: ReplyConsumer): void {
    this.consumers.delete(consumer.token)
  }

  has(token: string): boolean {
    return this.consumers.has(token)
  }

  /**
   * Delivers a message published to the default exchange to the requesters that its routing keys name. True when at
   * least one key is a token, even of a requester that has gone: such a message counts as routed.
   */
  deliver(message: Message): boolean {
    if (message.address.exchange !== '') return false
    let isReply = false
    for (const key of message.routingKeys) {
      if (!isToken(key)) continue
      isReply = true
      const consumer = this.consumers.get(key)
      consumer?.channel.sendReply(consumer.consumerTag, message)
    }
    return isReply
  }
}

/** A requester's subscription. */
export interface ReplyConsumer {
  readonly token: string
  readonly channel: Channel
  readonly consumerTag: string
}

/** Whether a name could be a token, whoever it may belong to. */
function isToken(name: string): boolean {
  return name.startsWith(PREFIX) && TOKEN.test(name)
}

/** Whether a name is in the space of tokens. */
export function isInTokenSpace(name: string): boolean {
  return name.startsWith(PREFIX)
}

const PREFIX = `${REPLY_TO}.`
const TOKEN = /^amq\.rabbitmq\.reply-to\.[\w+/=-]+\.[\w+/=-]+$/

function randomText(size: number): string {
  return randomBytes(size).toString('base64url')
}
