import type { Arguments } from '../support/methods.ts'
import { type Handshake, RawConnection } from '../support/raw-connection.ts'
import type { Target } from '../support/target.ts'
import { NotYet } from './not-yet.ts'
import type { Operator } from './operator.ts'
import type { Outcome } from './outcome.ts'
import { Peer } from './peer.ts'

/** Provokes an observation and tells how the broker answered. */
export type Scenario = (t: Scene) => Promise<Outcome>

/** The connections of one case, and its names: what it declared is gone after `cleanUp`. */
export class Scene {
  readonly target: Target
  private readonly itsOperator: Operator | null
  private readonly stopBroker: (() => Promise<void>) | null
  private readonly raws: RawConnection[] = []
  private readonly names = new Set<string>()

  constructor(
    target: Target,
    operator: Operator | null,
    stopBroker: (() => Promise<void>) | null = null,
  ) {
    this.target = target
    this.itsOperator = operator
    this.stopBroker = stopBroker
  }

  /** @throws NotYet where nobody can operate this broker. */
  get operator(): Operator {
    if (this.itsOperator === null) throw new NotYet('needs operator API')
    return this.itsOperator
  }

  /** Shuts the broker down, without waiting for it. @throws NotYet for a broker that is not ours. */
  shutDown(): void {
    if (this.stopBroker === null) throw new NotYet('needs a broker of its own')
    this.stopBroker().catch(() => {})
  }

  /** A socket on which nothing has been said yet. */
  async dial(): Promise<RawConnection> {
    const raw = await RawConnection.dial(this.target.host, this.target.port)
    this.raws.push(raw)
    return raw
  }

  /** An open connection with channel 1 open. */
  async peer(options: Handshake = {}): Promise<Peer> {
    const raw = await this.dial()
    await raw.handshake({ ...this.credentials(), ...options })
    await raw.call(1, 'channel.open')
    return this.peerOn(raw)
  }

  peerOn(raw: RawConnection): Peer {
    return new Peer(raw, this.remember)
  }

  credentials(): { response: string; vhost: string } {
    const { username, password, vhost } = this.target
    return { response: plain(username, password), vhost }
  }

  awaited(): string[] {
    return this.raws.map((raw) => raw.awaited).filter((awaited) => awaited !== null)
  }

  async cleanUp(): Promise<void> {
    for (const raw of this.raws) raw.destroy()
    if (this.stopBroker === null && this.names.size > 0) await this.target.remove([...this.names])
  }

  private readonly remember = (name: string, args: Arguments): void => {
    if (name === 'queue.declare') this.own(args.queue)
    if (name === 'exchange.declare') this.own(args.exchange)
  }

  private own(name: Arguments[string] | undefined): void {
    if (typeof name !== 'string' || name === '' || name.startsWith('amq.')) return
    this.names.add(name.replaceAll(/[\r\n]/g, ''))
  }
}

/** The response of mechanism PLAIN. */
export function plain(user: string, password: string): string {
  return `\0${user}\0${password}`
}
