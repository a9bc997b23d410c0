import { setTimeout as delay } from 'node:timers/promises'
import { RawConnection } from '../../support/raw-connection.ts'
import { type Api, path, rows } from '../api.ts'
import type { Scene } from './scene.ts'

/** Those of the callers who are connected. */
export const CONNECTED = ['management', 'policymaker', 'monitoring', 'administrator'] as const

/**
 * What there is to be seen: a queue, an exchange, a binding, policies and a limit in each of three vhosts, and a connection
 * with a consumer for some of the callers.
 */
export class Crowd {
  private readonly connections: RawConnection[] = []
  private readonly scene: Scene
  private readonly api: Api

  private constructor(scene: Scene, api: Api) {
    this.scene = scene
    this.api = api
  }

  /** Waits until the management knows of all. */
  static async gather(
    scene: Scene,
    api: Api,
    amqp: { host: string; port: number },
  ): Promise<Crowd> {
    const crowd = new Crowd(scene, api)
    await api.addVhost(scene.closed)
    for (const vhost of [scene.vhost, scene.elsewhere, scene.closed]) await furnish(api, vhost)
    for (const name of CONNECTED) await crowd.connect(`${scene.vhost}-${name}`, amqp)
    await crowd.untilKnown()
    return crowd
  }

  async leave(): Promise<void> {
    for (const connection of this.connections) connection.destroy()
    await this.api.deleteVhost(this.scene.closed)
  }

  private async connect(user: string, amqp: { host: string; port: number }): Promise<void> {
    const raw = await RawConnection.dial(amqp.host, amqp.port)
    this.connections.push(raw)
    await raw.handshake({ response: `\0${user}\0${user}`, vhost: this.scene.vhost })
    await raw.call(1, 'channel.open')
    await raw.call(1, 'basic.consume', { queue: SEEN })
  }

  /** RabbitMQ samples what is connected every five seconds. */
  private async untilKnown(): Promise<void> {
    const lists = ['connections', 'channels', 'consumers']
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await Promise.all(lists.map((list) => this.count(list)))
      if (found.every((count) => count >= CONNECTED.length)) return
      await delay(PAUSE_MS)
    }
    throw new Error('the management does not know of all connections')
  }

  private async count(list: string): Promise<number> {
    const all = rows(await this.api.command('GET', `/api/${list}`))
    return all.filter((row) => JSON.stringify(row).includes(this.scene.vhost)).length
  }
}

const SEEN = 'seen'
const ATTEMPTS = 400
const PAUSE_MS = 50

async function furnish(api: Api, vhost: string): Promise<void> {
  const policy = { pattern: '^nothing$', definition: { 'max-length': 1 } }
  await api.command('PUT', path`queues/${vhost}/${SEEN}`, { durable: true })
  await api.command('PUT', path`exchanges/${vhost}/${SEEN}`, { type: 'fanout', durable: true })
  await api.command('POST', path`bindings/${vhost}/e/${SEEN}/q/${SEEN}`, {})
  await api.command('PUT', path`policies/${vhost}/${SEEN}`, policy)
  await api.command('PUT', path`operator-policies/${vhost}/${SEEN}`, policy)
  await api.command('PUT', path`vhost-limits/${vhost}/max-queues`, { value: 1000 })
}
