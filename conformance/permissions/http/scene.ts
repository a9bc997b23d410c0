import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '../../http/exchange.ts'
import { RawConnection } from '../../support/raw-connection.ts'
import { type Api, EVERYTHING, type Login, rows } from '../api.ts'
import { CALLERS, LOCKED_COUNT, loginOf } from './callers.ts'
import type { Row, Step } from './row.ts'

/** The users who try the routes, on a broker with a vhost that they may use, or not, and one that all of them may use. */
export class Scene {
  readonly vhost: string
  private readonly api: Api
  private readonly amqp: { readonly host: string; readonly port: number }
  private readonly words: Map<string, string>
  private connection: OpenClient | null = null
  private readonly visits = new Map<string, number>()

  private constructor(
    api: Api,
    vhost: string,
    amqp: { host: string; port: number },
    words: Map<string, string>,
  ) {
    this.api = api
    this.vhost = vhost
    this.amqp = amqp
    this.words = words
  }

  /** Adds the users to a vhost that is there. */
  static async set(api: Api, vhost: string, amqp: { host: string; port: number }): Promise<Scene> {
    const overview = await api.command('GET', '/api/overview')
    const [{ node, cluster_name: cluster } = {}] = rows([overview])
    const words = new Map([
      ['VHOST', vhost],
      ['NODE', encodeURIComponent(String(node))],
      ['CLUSTER', String(cluster)],
      ['AMQP', String(amqp.port)],
    ])
    const scene = new Scene(api, vhost, amqp, words)
    await api.addVhost(scene.elsewhere)
    for (const { name, tag, patterns } of CALLERS) {
      const user = `${vhost}-${name}`
      await api.addUser(user, tag)
      await api.setPermissions(user, scene.elsewhere, EVERYTHING)
      if (patterns !== null) await api.setPermissions(user, vhost, patterns)
    }
    for (const user of scene.locked) await api.addUser(user, 'administrator')
    await api.addUser(scene.client)
    await api.setPermissions(scene.client, vhost, EVERYTHING)
    return scene
  }

  async clear(): Promise<void> {
    this.connection?.end()
    for (const { name } of CALLERS) await this.api.deleteUser(`${this.vhost}-${name}`)
    for (const user of [...this.locked, this.client]) await this.api.deleteUser(user)
    await this.api.deleteVhost(this.elsewhere)
    for (const path of LEFT_BEHIND) await this.api.remove(this.named(`/api${path}`))
  }

  /** A vhost for which all callers have permissions. */
  get elsewhere(): string {
    return `${this.vhost}-elsewhere`
  }

  /** A vhost for which none of them has any. */
  get closed(): string {
    return `${this.vhost}-closed`
  }

  /** Makes everything as a route needs it. */
  async prepare(row: Row): Promise<void> {
    if (row.hasConnection === true) await this.connect()
    for (const step of row.before ?? []) await this.take(step)
  }

  /** What one of them is answered. */
  async try(row: Row, caller: string): Promise<Answer> {
    const [method = ''] = row.route.split(' ')
    const answer = await this.ask(caller, method, row.path, row.body)
    if (method === 'DELETE' && row.hasConnection === true && answer.status < 300) {
      await this.connection?.ended
    }
    return answer
  }

  /** All that is declared and set, as a text that can be compared. */
  async definitions(): Promise<string> {
    return JSON.stringify(await this.api.command('GET', '/api/definitions'))
  }

  /** What one of them is answered to a request. */
  ask(caller: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const sent = body === undefined ? null : this.named(text)
    return this.api.ask(this.loginOf(caller), method, this.named(`/api${path}`), sent)
  }

  /** What is answered to a request with other headers than a login's. */
  askWith(
    headers: Readonly<Record<string, string>>,
    method: string,
    path: string,
    body: string | null = null,
  ): Promise<Answer> {
    return this.api.ask(null, method, this.named(`/api${path}`), body, headers)
  }

  /** What one of them is answered outside of the API. */
  askOutside(caller: string, path: string): Promise<Answer> {
    return this.api.ask(this.loginOf(caller), 'GET', path)
  }

  loginOf(caller: string): Login | null {
    return loginOf(caller, this.vhost, this.countOf(caller))
  }

  /** Names and numbers of this broker in the place of words. */
  named(text: string): string {
    return text.replaceAll(/VHOST|NODE|CLUSTER|CONNECTION|AMQP|ATTEMPT/g, (word) => {
      return word === 'ATTEMPT' ? String(this.countOf(word)) : (this.words.get(word) ?? word)
    })
  }

  /** How often somebody has come before. */
  private countOf(name: string): number {
    const count = this.visits.get(name) ?? 0
    this.visits.set(name, count + 1)
    return count
  }

  private get locked(): readonly string[] {
    return Array.from({ length: LOCKED_COUNT }, (_, at) => `${this.vhost}-locked-${at}`)
  }

  private get client(): string {
    return `${this.vhost}-client`
  }

  private async take([method, path, body]: Step): Promise<void> {
    const sent = body === undefined ? null : this.named(JSON.stringify(body))
    await this.api.command(method, this.named(`/api${path}`), sent)
  }

  /** Has the client connected, with a channel, and the management know of it. */
  private async connect(): Promise<void> {
    if (this.connection?.isOpen === true) return
    const { client, vhost, amqp } = this
    const raw = await RawConnection.dial(amqp.host, amqp.port)
    await raw.handshake({ response: `\0${client}\0${client}`, vhost })
    await raw.call(1, 'channel.open')
    const name = `127.0.0.1:${raw.socket.localPort} -> 127.0.0.1:${amqp.port}`
    this.words.set('CONNECTION', encodeURIComponent(name))
    for (const path of ['connections/CONNECTION', 'channels/CONNECTION%20(1)']) {
      await this.untilKnown(this.named(`/api/${path}`))
    }
    this.connection = new OpenClient(raw)
  }

  private async untilKnown(path: string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const isKnown = await this.api.command('GET', path).then(
        () => true,
        () => false,
      )
      if (isKnown) return
      await delay(PAUSE_MS)
    }
    throw new Error(`${path} does not come`)
  }
}

/** What the routes that were tried have made. */
const LEFT_BEHIND = [
  '/vhosts/VHOST-gone/deletion/protection',
  '/vhosts/VHOST-gone',
  '/users/VHOST-tried',
  '/global-parameters/VHOST',
]

/** A connection, until the broker closes it. */
class OpenClient {
  isOpen = true
  readonly ended: Promise<void>
  private readonly raw: RawConnection

  constructor(raw: RawConnection) {
    this.raw = raw
    this.ended = new Promise((resolve) => {
      raw.socket.once('close', () => {
        this.isOpen = false
        resolve()
      })
    })
    raw.socket.once('data', () => this.end())
  }

  end(): void {
    this.raw.destroy()
  }
}

/** RabbitMQ samples what is connected every five seconds. */
const ATTEMPTS = 400
const PAUSE_MS = 25
