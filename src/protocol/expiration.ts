import { erlangString, erlangTuple } from '../common/erlang-term.ts'
import { preconditionFailed } from '../core/refusal.ts'

/**
 * Throws the Refusal of RabbitMQ for the expiration of a message that is no whole number of milliseconds from 0 to
 * ten years. It is read as Erlang reads an integer: a sign may stand before it, nothing else around it.
 */
export function assertExpiration(text: string): void {
  const error = errorOf(text)
  if (error === null) return
  const what = `invalid expiration '${text}': `
  throw preconditionFailed(what + (error.length === 1 ? error[0] : erlangTuple(error, what.length)))
}

/** Ten years. */
const MAX_EXPIRATION_MS = 315_360_000_000

/** The elements of the Erlang tuple that says what is wrong, an atom alone if there is one; null when nothing is. */
function errorOf(text: string): readonly string[] | null {
  const match = /^([+-]?\d+)(.*)$/s.exec(text)
  if (match === null) return ['no_integer']
  const [, digits = '', rest = ''] = match
  if (rest !== '') return ['leftover_string', erlangString(Buffer.from(rest))]
  const value = BigInt(digits.replace('+', ''))
  if (value < 0n) return ['value_negative', `${value}`]
  return value > BigInt(MAX_EXPIRATION_MS) ? ['value_too_large', `${value}`] : null
}
