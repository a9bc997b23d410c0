import { preconditionFailed } from './refusal.ts'

/** What a broker may have in all, over all its vhosts. Null stands for any number. */
export interface NodeMaxima {
  readonly maxConnections: number | null
  readonly maxChannels: number | null
  readonly maxConsumersPerChannel: number | null
  readonly maxQueues: number | null
  /** With the predeclared ones. */
  readonly maxExchanges: number | null
}

/** The limits of a broker, which may change while it runs, and how many queues and exchanges it has. */
export class NodeLimits {
  maxima: NodeMaxima
  queueCount = 0
  /** With the predeclared ones. */
  exchangeCount = 0

  constructor(maxima: NodeMaxima) {
    this.maxima = maxima
  }

  /** Throws the Refusal of RabbitMQ when one more queue is too many. */
  assertRoomForQueue(name: string): void {
    const { maxQueues } = this.maxima
    if (maxQueues === null || this.queueCount < maxQueues) return
    throw preconditionFailed(
      `cannot declare queue '${name}': queue limit in cluster (${maxQueues}) is reached`,
    )
  }

  /** Throws the Refusal of RabbitMQ when one more exchange is too many. */
  assertRoomForExchange(name: string, vhost: string): void {
    const { maxExchanges } = this.maxima
    if (maxExchanges === null || this.exchangeCount < maxExchanges) return
    throw preconditionFailed(
      `cannot declare exchange '${name}' in vhost '${vhost}': exchange limit of ${maxExchanges} is reached`,
    )
  }
}

export const NO_LIMITS: NodeMaxima = {
  maxConnections: null,
  maxChannels: null,
  maxConsumersPerChannel: null,
  maxQueues: null,
  maxExchanges: null,
}
