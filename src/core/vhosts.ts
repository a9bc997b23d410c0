import { Vhost, type VhostHost } from './vhost.ts'

/** The vhosts of a broker by name. */
export class Vhosts {
  private readonly host: VhostHost
  private readonly byName = new Map<string, Vhost>()

  private readonly closing = new Map<string, { finish(): void }>() // what is left to do of deleted ones

  constructor(host: VhostHost) {
    this.host = host
  }

  get(name: string): Vhost | undefined {
    return this.byName.get(name)
  }

  [Symbol.iterator](): Iterator<Vhost> {
    return this.byName.values()
  }

  /** The vhost of this name, new if there was none. */
  add(name: string): Vhost {
    const existing = this.byName.get(name)
    if (existing !== undefined) return existing
    this.closing.get(name)?.finish() // what is stored goes by names
    const vhost = new Vhost(name, this.host)
    this.byName.set(name, vhost)
    return vhost
  }

  /** Deletes a vhost with all that is in it; false when there was none. Its connections are the caller's to close. */
  delete(name: string): boolean {
    const vhost = this.byName.get(name)
    if (vhost === undefined) return false
    this.byName.delete(name)
    const closing = vhost.close(() => this.closing.delete(name))
    if (!closing.isDone) this.closing.set(name, closing)
    return true
  }
}
