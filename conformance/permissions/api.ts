import { type Answer, ask } from '../http/exchange.ts'

/** Who asks over HTTP; null for somebody who does not say who they are. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** Patterns of names, as the API takes them. */
export interface Patterns {
  readonly configure: string
  readonly write: string
  readonly read: string
}

export const EVERYTHING: Patterns = { configure: '.*', write: '.*', read: '.*' }
export const NOTHING: Patterns = { configure: '^$', write: '^$', read: '^$' }

/** The HTTP API of a broker, in the hands of its operator. */
export class Api {
  readonly host: string
  readonly port: number
  private readonly operator: Login
  private requestCount = 0

  constructor(url: URL) {
    this.host = url.hostname
    this.port = Number(url.port || 15672)
    const password = decodeURIComponent(url.password || 'guest')
    this.operator = { user: decodeURIComponent(url.username || 'guest'), password }
  }

  /** What the broker answers to somebody. */
  ask(
    login: Login | null,
    method: string,
    path: string,
    body: unknown = null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const place = { host: this.host, port: this.port, ...this.origin() }
    const type = body === null ? {} : { 'content-type': 'application/json' } // 3.10 insists
    const requestHeaders = { ...type, ...headers, ...(login === null ? {} : authorization(login)) }
    const sent = body === null || typeof body === 'string' ? body : JSON.stringify(body)
    return ask(place, { method, path, user: null, requestHeaders, body: sent })
  }

  /** Another address of this machine each time: too many failures from one are hung up on. */
  private origin(): { localAddress?: string } {
    if (this.host !== '127.0.0.1') return {}
    this.requestCount++
    return { localAddress: `127.0.0.${2 + (this.requestCount % ADDRESS_COUNT)}` }
  }

  /** Does something as the operator. Throws unless the broker does it. */
  async command(method: string, path: string, body: unknown = null): Promise<unknown> {
    const answer = await this.ask(this.operator, method, path, body)
    const text = answer.body.toString()
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  /** Does away with something, whether it is there or not. */
  async remove(path: string): Promise<void> {
    await this.ask(this.operator, 'DELETE', path)
  }

  /** Adds a user whose password is its name. */
  async addUser(name: string, tags = ''): Promise<void> {
    await this.command('PUT', path`users/${name}`, { password: name, tags })
  }

  async deleteUser(name: string): Promise<void> {
    await this.command('DELETE', path`users/${name}`)
  }

  async setPermissions(user: string, vhost: string, patterns: Patterns): Promise<void> {
    await this.command('PUT', path`permissions/${vhost}/${user}`, patterns)
  }

  async setTopicPermissions(
    user: string,
    vhost: string,
    exchange: string,
    patterns: Omit<Patterns, 'configure'>,
  ): Promise<void> {
    const body = { exchange, ...patterns }
    await this.command('PUT', path`topic-permissions/${vhost}/${user}`, body)
  }

  /** A vhost in which the operator may do everything. */
  async addVhost(name: string): Promise<void> {
    await this.command('PUT', path`vhosts/${name}`, {})
    await this.setPermissions(this.operator.user, name, EVERYTHING)
  }

  async deleteVhost(name: string): Promise<void> {
    await this.command('DELETE', path`vhosts/${name}`)
  }

  /** What there is in a vhost, by names, in an order of its own. */
  async contents(vhost: string): Promise<Contents> {
    const [queues, exchanges, bindings] = await Promise.all([
      this.command('GET', path`queues/${vhost}?columns=name`),
      this.command('GET', path`exchanges/${vhost}?columns=name`),
      this.command('GET', path`bindings/${vhost}?columns=source,destination,routing_key`),
    ])
    const names = (list: unknown) => rows(list).map(({ name }) => String(name))
    const ends = rows(bindings).map(
      (binding) => `${binding.source} ${binding.destination} ${binding.routing_key}`,
    )
    return {
      queues: names(queues).sort(),
      exchanges: names(exchanges).sort(),
      bindings: ends.sort(),
    }
  }
}

const ADDRESS_COUNT = 11

export interface Contents {
  readonly queues: readonly string[]
  readonly exchanges: readonly string[]
  /** Source, destination and routing key of each. */
  readonly bindings: readonly string[]
}

/** A path of the API with its names encoded. */
export function path(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return `/api/${String.raw({ raw: parts }, ...names.map(encodeURIComponent))}`
}

export function authorization({ user, password }: Login): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** The objects of a list, or of a page. */
export function rows(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(json)) return []
  return json.map((row: unknown) =>
    typeof row === 'object' && row !== null ? Object.fromEntries(Object.entries(row)) : {},
  )
}
