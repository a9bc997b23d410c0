import { preconditionFailed } from '../core/refusal.ts'

/**
 * Throws the Refusal of RabbitMQ for the expiration of a message that is no whole number of milliseconds from 0 to
 * ten years. It is read as Erlang reads an integer: a sign may stand before it, nothing else around it.
 */
export function assertExpiration(text: string): void {
  const error = errorOf(text)
  if (error === null) return
  throw preconditionFailed(`invalid expiration '${text}': ${error}`)
}

/** Ten years. */
const MAX_EXPIRATION_MS = 315_360_000_000

function errorOf(text: string): string | null {
  const match = /^([+-]?\d+)(.*)$/s.exec(text)
  if (match === null) return 'no_integer'
  const [, digits = '', rest] = match
  if (rest !== '') return `{leftover_string,"${rest}"}`
  const value = BigInt(digits.replace('+', ''))
  if (value < 0n) return `{value_negative,${value}}`
  return value > BigInt(MAX_EXPIRATION_MS) ? `{value_too_large,${value}}` : null
}
