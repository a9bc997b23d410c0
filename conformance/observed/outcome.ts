import type { Argument, Arguments, Method } from '../support/methods.ts'

/**
 * How a broker answered, in one line:
 *
 *   channel 404 50.10 NOT_FOUND - no queue 'q' in vhost '/'     a close: level, code, class and method, text
 *   connection 541 0.0 INTERNAL_ERROR
 *   none ["q",0,0]                                              a reply and its arguments
 *   none                                                        no reply is due and no close came
 *   socket closed                                               the end of the socket without a word
 */
export type Outcome = string

export const SOCKET_CLOSED: Outcome = 'socket closed'
export const SILENCE: Outcome = 'none'

export function closeOutcome({ name, args }: Method): Outcome {
  const level = name.split('.')[0]
  const { replyCode, classId, methodId, replyText } = args
  return `${level} ${String(replyCode)} ${String(classId)}.${String(methodId)} ${String(replyText)}`
}

export function replyOutcome(args: Arguments): Outcome {
  return result(Object.values(args))
}

type Values = readonly (Argument | Values)[]

/** `none` and what came, as JSON. */
export function result(values: Values): Outcome {
  return `none ${JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? Number(value) : value))}`
}

/**
 * The outcome with what differs from run to run made equal: generated names, the node's name, and the
 * broker's vhost for the one of the observations.
 */
export function comparable(outcome: Outcome, vhost: string): Outcome {
  return outcome
    .replace(/amq\.(gen|ctag)-[A-Za-z0-9_-]{22}/g, 'amq.$1-*')
    .replace(/rabbit@[^' ]+/g, 'rabbit@host')
    .replaceAll(`vhost '${vhost}'`, "vhost '/'")
    .replaceAll(`<<"${vhost}">>`, '<<"/">>')
}

/** An observation without a result only tells that nothing was refused. */
export function isAsObserved(received: Outcome, observed: Outcome): boolean {
  if (observed === SILENCE) return received === SILENCE || received.startsWith(`${SILENCE} `)
  return received === observed
}
