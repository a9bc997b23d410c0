import { readFileSync } from 'node:fs'
import { connect, isIP } from 'node:net'
import type { Json } from '../common/json.ts'

/** Where requests go: a socket in the file system, or a host with a login. */
export type Endpoint =
  | { readonly path: string }
  | {
      readonly host: string
      readonly port: number
      /** Null without TLS. */
      readonly tls: ClientTls | null
      readonly login: { readonly user: string; readonly password: string } | null
    }

/** Whom a client takes for the broker, and what it shows of itself. */
export interface ClientTls {
  /** Any certificate will do. */
  readonly isUnchecked?: boolean
  /** The certificate may name any host. */
  readonly isAnyHost?: boolean
  /** Paths of PEM files; the key may stand in the file of the certificate. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** As it is to be sent: encoded. */
  readonly path: string
  /** Sent as JSON; a text as it is. */
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

export interface Response {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/**
 * One request over a connection of its own, in HTTP 1.0: the answer ends with the connection. Node's own client would
 * take a third of the time that a whole command may take to load. Rejects with the error of the system.
 */
export async function send(endpoint: Endpoint, request: Request): Promise<Response> {
  const bytes = await exchange(endpoint, requestBytes(endpoint, request))
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.toString('latin1', 0, Math.max(end, 0)).split('\r\n')
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(first) ?? []
  if (status === undefined) throw new Error('the answer is not HTTP')
  const headers = new Map(lines.map(headerOf))
  return { status: Number(status), headers, text: bytes.toString('utf8', end + 4) }
}

function headerOf(line: string): [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
}

function requestBytes(endpoint: Endpoint, { method, path, body, headers = {} }: Request): Buffer {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const all: Record<string, string> = { host: 'localhost', accept: 'application/json', ...headers }
  if (body !== undefined) all['content-type'] = 'application/json'
  all['content-length'] = String(Buffer.byteLength(text))
  if ('host' in endpoint) {
    all.host = `${endpoint.host}:${endpoint.port}`
    const { login } = endpoint
    if (login !== null) {
      const pair = Buffer.from(`${login.user}:${login.password}`).toString('base64')
      all.authorization = `Basic ${pair}`
    }
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.0\r\n${lines.join('')}\r\n${text}`)
}

async function exchange(endpoint: Endpoint, bytes: Buffer): Promise<Buffer> {
  const socket = await connected(endpoint)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('error', reject)
    socket.once('close', () => resolve(Buffer.concat(chunks)))
    socket.write(bytes)
  })
}

async function connected(endpoint: Endpoint) {
  if ('path' in endpoint || endpoint.tls === null) return connect(endpoint)
  const { connect: connectTls } = await import('node:tls')
  const { host, port, tls } = endpoint
  const { isUnchecked = false, isAnyHost = false, ca, cert, key = cert } = tls
  return connectTls({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}), // an address is no name that a server could go by
    rejectUnauthorized: !isUnchecked,
    ...(isAnyHost ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  })
}
