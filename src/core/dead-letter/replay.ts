import { Message } from '../message.ts'
import { type Death, withoutDeathHeaders } from './history.ts'
import { historyTold } from './told-history.ts'

/** Where a dead letter may be sent again: the queue that it died in last, or where it was published to at first. */
export type ReplayTarget = 'queue' | 'exchange'

/**
 * A dead letter as it was before it died: without its deaths, so that none of them counts against it when it dies again,
 * and for the exchange and routing keys that are given. An expiration that it had does not come back.
 */
export function revived(
  message: Message,
  exchange: string,
  routingKeys: readonly string[],
): Message {
  const [first = '', ...others] = routingKeys
  const { address, properties } = message
  return new Message(
    address.to(exchange, first),
    properties.withHeaders(withoutDeathHeaders(message.headers)),
    message,
    others.length === 0 ? null : { cc: others, bcc: [] },
    null,
  )
}

/** The death to go back to; null for a message whose headers tell none. */
export function deathToUndo(message: Message, target: ReplayTarget): Death | null {
  const history = historyTold(message.headers)
  if (history === null) return null
  const { deaths, first } = history
  if (target === 'queue') return deaths[0] ?? null
  const isFirst = (death: Death) => death.queue === first?.queue && death.reason === first.reason
  return deaths.find(isFirst) ?? deaths.at(-1) ?? null
}
