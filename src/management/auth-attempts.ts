/** Logins that were tried, by protocol: RabbitMQ's names `http` and `amqp091`. */
export class AuthAttempts {
  private readonly byProtocol = new Map<string, Attempts>()

  count(protocol: string, isSuccess: boolean): void {
    const attempts = this.byProtocol.get(protocol) ?? { succeeded: 0, failed: 0 }
    this.byProtocol.set(protocol, attempts)
    if (isSuccess) attempts.succeeded++
    else attempts.failed++
  }

  clear(): void {
    this.byProtocol.clear()
  }

  [Symbol.iterator](): Iterator<readonly [protocol: string, attempts: Attempts]> {
    return this.byProtocol.entries()
  }
}

export interface Attempts {
  succeeded: number
  failed: number
}
