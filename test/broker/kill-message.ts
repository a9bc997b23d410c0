import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import { numberedBody, numberOf } from '../bench/numbered-body.ts'
import type { Published } from './kill-ledger.ts'
import type { Route, Topology } from './kill-topology.ts'

/** Publishes a message and keeps the books; `onConfirm` is called when it is confirmed, and never if it is not. */
export function publishBooked(
  channel: ConfirmChannel,
  topology: Topology,
  route: Route,
  message: Published,
  bodySize: number,
  onConfirm: () => void,
): void {
  const ledgers = route.queues.map((queue) => topology.ledger(queue))
  for (const ledger of ledgers) ledger.published(message)
  const { publisher, number, priority, isTransient } = message
  const body = numberedBody(number, bodySize)
  const options = { persistent: !isTransient, priority, headers: { publisher, bodySize } }
  channel.publish(route.exchange, route.routingKey, body, options, (error) => {
    if (error !== null && error !== undefined) return // the broker is gone
    for (const ledger of ledgers) ledger.confirmed(message)
    onConfirm()
  })
}

/** What a delivery is. Throws when a byte of it has changed. */
export function readBooked({ content, properties }: ConsumeMessage): Published {
  const { headers = {}, deliveryMode, priority } = properties
  const number = numberOf(content)
  const publisher: unknown = headers.publisher
  if (number === null || typeof publisher !== 'string' || content.length !== headers.bodySize) {
    throw new Error(`a damaged message of ${String(publisher)}, ${content.length} bytes`)
  }
  return { publisher, number, priority, isTransient: deliveryMode !== 2 }
}
