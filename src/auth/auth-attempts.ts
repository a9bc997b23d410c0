/** Logins that were tried, by protocol: RabbitMQ's names `http` and `amqp091`. */
export class AuthAttempts {
  /** Whether they are counted by address and user too. */
  tracksSources = false
  private readonly byProtocol = new Map<string, Attempts>()
  private readonly bySource = new Map<string, SourceAttempts>()

  /** The user is who somebody says they are; empty when they did not say so. */
  count(protocol: string, address: string, user: string, isSuccess: boolean): void {
    const attempts = this.byProtocol.get(protocol) ?? { succeeded: 0, failed: 0 }
    this.byProtocol.set(protocol, attempts)
    add(attempts, isSuccess)
    if (!this.tracksSources) return
    const source = this.sourceOf(protocol, address, user)
    if (source !== null) add(source, isSuccess)
  }

  clear(): void {
    this.byProtocol.clear()
    this.bySource.clear()
  }

  [Symbol.iterator](): Iterator<readonly [protocol: string, attempts: Attempts]> {
    return this.byProtocol.entries()
  }

  get sources(): Iterable<SourceAttempts> {
    return this.bySource.values()
  }

  /** Null for one too many: whoever tries can think of any number of names. */
  private sourceOf(protocol: string, address: string, user: string): SourceAttempts | null {
    const key = [protocol, address, user].join('\0')
    const known = this.bySource.get(key)
    if (known !== undefined) return known
    if (this.bySource.size >= MAX_SOURCES) return null
    const source = { protocol, address, user, succeeded: 0, failed: 0 }
    this.bySource.set(key, source)
    return source
  }
}

export interface Attempts {
  succeeded: number
  failed: number
}

export interface SourceAttempts extends Attempts {
  readonly protocol: string
  readonly address: string
  readonly user: string
}

const MAX_SOURCES = 10_000

function add(attempts: Attempts, isSuccess: boolean): void {
  if (isSuccess) attempts.succeeded++
  else attempts.failed++
}
