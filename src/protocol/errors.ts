import { Refusal, type RefusalKind } from '../core/refusal.ts'
import { DecodeError, MalformedUtf8Error } from '../wire/cursor.ts'
import { FrameError } from '../wire/frame-reader.ts'
import { CHANNEL_OPEN, type ConnectionClose } from '../wire/methods.ts'

/** Reply codes of AMQP 0-9-1 section 1.2, under the names that begin RabbitMQ's reply texts. */
export const REPLY_NAMES: ReadonlyMap<number, string> = new Map([
  [200, 'REPLY_SUCCESS'],
  [312, 'NO_ROUTE'],
  [320, 'CONNECTION_FORCED'],
  [403, 'ACCESS_REFUSED'],
  [404, 'NOT_FOUND'],
  [405, 'RESOURCE_LOCKED'],
  [406, 'PRECONDITION_FAILED'],
  [501, 'FRAME_ERROR'],
  [502, 'SYNTAX_ERROR'],
  [503, 'COMMAND_INVALID'],
  [504, 'CHANNEL_ERROR'],
  [505, 'UNEXPECTED_FRAME'],
  [506, 'RESOURCE_ERROR'],
  [530, 'NOT_ALLOWED'],
  [540, 'NOT_IMPLEMENTED'],
  [541, 'INTERNAL_ERROR'],
])

/** What a refusal of core costs the client: the channel (a soft error) or the whole connection. */
const REFUSALS: Record<RefusalKind, { code: number; closes: 'channel' | 'connection' }> = {
  'access-refused': { code: 403, closes: 'channel' },
  'not-found': { code: 404, closes: 'channel' },
  'resource-locked': { code: 405, closes: 'channel' },
  'precondition-failed': { code: 406, closes: 'channel' },
  'command-invalid': { code: 503, closes: 'connection' },
  'resource-error': { code: 506, closes: 'connection' },
  'not-allowed': { code: 530, closes: 'connection' },
  'not-implemented': { code: 540, closes: 'connection' },
  'internal-error': { code: 541, closes: 'connection' },
}

/** What an error costs the client that has caused it, and what it is told. */
export interface Consequence {
  /** With the stream, nothing that still comes has a meaning. */
  readonly closes: 'channel' | 'connection' | 'stream'
  readonly code: number
  readonly explanation: string
  /** Class and method in one number; 0 where RabbitMQ does not name the method. */
  readonly methodId: number
}

/**
 * What an error costs that has come of a method and its arguments, or of no method at all. Throws it on when it is no
 * client's, but a bug of ours.
 */
export function consequenceOf(error: unknown, id: number, args: Uint8Array): Consequence {
  if (error instanceof Refusal) {
    return { ...REFUSALS[error.kind], explanation: error.message, methodId: id }
  }
  if (error instanceof ConnectionError) {
    const { code, message, methodId } = error
    return { closes: 'connection', code, explanation: message, methodId }
  }
  if (error instanceof FrameError) {
    return { closes: 'stream', code: 501, explanation: error.message, methodId: 0 }
  }
  if (error instanceof MalformedUtf8Error) {
    return { closes: 'connection', code: 501, explanation: error.message, methodId: 0 }
  }
  if (error instanceof DecodeError) {
    return { closes: 'connection', code: 501, explanation: cannotDecode(args), methodId: id }
  }
  throw error
}

/**
 * The peer broke the rules of the protocol itself: connection.close with this code. The method id (class and method
 * in one number) is 0 where RabbitMQ does not name the method.
 */
export class ConnectionError extends Error {
  readonly code: number
  readonly methodId: number

  constructor(code: number, text: string, methodId: number, options?: ErrorOptions) {
    super(text, options)
    this.name = 'ConnectionError'
    this.code = code
    this.methodId = methodId
  }
}

/**
 * `CODE_NAME - explanation`, at most 255 bytes: a longer one is cut and ends in dots. The cut never falls inside a
 * character (errors, form of every error).
 */
export function replyText(code: number, explanation: string): string {
  const name = REPLY_NAMES.get(code) ?? ''
  const text = explanation === '' ? name : `${name} - ${explanation}`
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_REPLY_TEXT_SIZE) return text
  let end = MAX_REPLY_TEXT_SIZE - DOTS.length
  while (isContinuation(bytes[end]!)) end--
  return bytes.toString('utf8', 0, end) + DOTS
}

/** The channel is open, or the client has not yet answered that the server has closed it. */
export function secondOpen(): ConnectionError {
  return new ConnectionError(504, "second 'channel.open' seen", CHANNEL_OPEN)
}

/** The arguments of connection.close and channel.close for an error; `id` is class and method in one number. */
export function closeOf(code: number, explanation: string, id: number): ConnectionClose {
  return {
    replyCode: code,
    replyText: replyText(code, explanation),
    classId: id >>> 16,
    methodId: id & 0xffff,
  }
}

/** The arguments of a method as RabbitMQ shows them: always as octets. */
function cannotDecode(args: Uint8Array): string {
  return `cannot decode <<${args.join(',')}>>`
}

const MAX_REPLY_TEXT_SIZE = 255
const DOTS = '...'

/** Whether an octet is the second or a later one of a UTF-8 character. */
function isContinuation(octet: number): boolean {
  return (octet & 0xc0) === 0x80
}
