import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts'

/** A broker with its management, closed when the test has finished, and guest at its API. */
export async function startApi(
  options: BrokerOptions = {},
): Promise<{ broker: Broker; api: ApiClient }> {
  const broker = await createBroker({ management: { host: '127.0.0.1' }, ...options })
  onTestFinished(() => broker.close())
  return { broker, api: new ApiClient(broker) }
}

/** What an HTTP API answers to one user. */
export class ApiClient {
  private readonly broker: Pick<Broker, 'management'>
  private readonly headers: Readonly<Record<string, string>>

  /** Null for a client that does not log in; the password is the name. */
  constructor(broker: Pick<Broker, 'management'>, user: string | null = 'guest') {
    this.broker = broker
    const login = Buffer.from(`${user}:${user}`).toString('base64')
    this.headers = user === null ? {} : { authorization: `Basic ${login}` }
  }

  as(user: string | null): ApiClient {
    return new ApiClient(this.broker, user)
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers)
  }

  put(path: string, body: unknown = {}): Promise<Answer> {
    return this.send('PUT', path, body)
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.send('POST', path, body)
  }

  delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers)
  }

  /** A body that is no text is sent as JSON. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { management } = this.broker
    if (management === null) throw new Error('the broker has no management')
    const { host, port } = management
    const options = { host, port, method, path, headers: { ...this.headers, ...headers } }
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode: status = 0, headers: given } = response
          resolve(new Answer(status, given, bytes))
        })
      })
      sent.on('error', reject)
      if (body !== undefined) sent.write(typeof body === 'string' ? body : JSON.stringify(body))
      sent.end()
    })
  }
}

export class Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer

  constructor(status: number, headers: Answer['headers'], bytes: Buffer) {
    this.status = status
    this.headers = headers
    this.bytes = bytes
  }

  get text(): string {
    return this.bytes.toString()
  }

  /** The body as JSON; null when it is empty. */
  get json(): ReturnType<typeof JSON.parse> {
    return this.text === '' ? null : JSON.parse(this.text)
  }
}
