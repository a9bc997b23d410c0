/**
 * States what our own code guarantees. A failure is a bug of ours: the process ends rather than go on
 * with broken state. Never for what a peer, a file or an operator sends.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** A broken invariant of our own code; nothing catches it. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(`assertion failed: ${message}`)
    this.name = 'AssertionError'
  }
}
