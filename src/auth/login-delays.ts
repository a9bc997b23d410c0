/** What becomes of a connection whose login has failed. */
export type LoginDelay =
  /** It is answered at once, and kept waiting before it is hung up on. */
  | 'hold'
  /** It is kept waiting for its answer too: there have been too many failures of this user from there. */
  | 'hold-answer'
  /** Too many are kept waiting already: it is hung up on. */
  | 'cut'

/**
 * Slows down who fails to log in, as RabbitMQ does: a client that is kept waiting does not try again meanwhile. Nobody is
 * locked out, for a right password is looked at whatever happened before. How many are kept waiting is bounded.
 */
export class LoginDelays {
  private heldCount = 0
  private readonly heldByAddress = new Map<string, number>()
  private readonly failures = new Map<string, Failures>()

  /** Says what to do with a login that has failed. For one that is held, `release` has to be called when it is gone. */
  failed(address: string, user: string, nowMs: number): LoginDelay {
    const count = this.count(address, user, nowMs)
    const held = this.heldByAddress.get(address) ?? 0
    if (held >= MAX_HELD_BY_ADDRESS || this.heldCount >= MAX_HELD) return 'cut'
    this.heldByAddress.set(address, held + 1)
    this.heldCount++
    return count > MAX_PROMPT_FAILURES ? 'hold-answer' : 'hold'
  }

  release(address: string): void {
    const held = (this.heldByAddress.get(address) ?? 0) - 1
    if (held > 0) this.heldByAddress.set(address, held)
    else this.heldByAddress.delete(address)
    this.heldCount--
  }

  /** The failures of a user from an address within the last minute or so. */
  private count(address: string, user: string, nowMs: number): number {
    const key = `${address}\0${user}`
    const known = this.failures.get(key)
    if (known !== undefined && nowMs < known.endMs) return ++known.count
    this.failures.delete(key)
    if (this.failures.size >= MAX_REMEMBERED) this.forgetOldest()
    this.failures.set(key, { count: 1, endMs: nowMs + MEMORY_MS })
    return 1
  }

  private forgetOldest(): void {
    for (const key of this.failures.keys()) {
      this.failures.delete(key)
      return
    }
  }
}

interface Failures {
  count: number
  readonly endMs: number
}

/** How long a connection is kept waiting: RabbitMQ's time. */
export const LOGIN_DELAY_MS = 3000

const MAX_HELD_BY_ADDRESS = 200
const MAX_HELD = 1000
const MAX_PROMPT_FAILURES = 10
const MEMORY_MS = 60_000
const MAX_REMEMBERED = 10_000
