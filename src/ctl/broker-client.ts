import { isJsonList, isJsonObject, type Json, type JsonObject } from '../common/json.ts'
import { EXIT, Failure, refused } from './failure.ts'
import { type Endpoint, type Request, type Response, send } from './http.ts'

/** What a broker says of itself. */
export interface NodeFacts {
  readonly name: string
  readonly isRunning: boolean
  readonly pid: number
  readonly json: JsonObject
}

/** Asks a running broker, over the socket in its data directory or over HTTP. */
export class BrokerClient {
  private readonly endpoint: Endpoint

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  /** Whether it is reached through the file system, and so has an identifier of a process here. */
  get isLocal(): boolean {
    return 'path' in this.endpoint
  }

  /** Who is there; null when nobody is. */
  async facts(): Promise<NodeFacts | null> {
    const answer = await send(this.endpoint, { method: 'GET', path: '/api/control/node' }).catch(
      () => null,
    )
    if (answer === null) return null
    if (answer.status === 401) throw refused('the login is refused', EXIT.unavailable)
    const json = objectIn(answer)
    const { name, state, pid } = json
    if (typeof name !== 'string') return null
    return { name, isRunning: state === 'running', pid: Number(pid), json }
  }

  /** What the API has at a path below `/api`. Throws a Failure with the reason that the broker gives. */
  async get(path: string): Promise<Json> {
    return jsonIn(await this.ask({ method: 'GET', path }))
  }

  async object(path: string): Promise<JsonObject> {
    const json = await this.get(path)
    return isJsonObject(json) ? json : {}
  }

  async list(path: string): Promise<readonly JsonObject[]> {
    const json = await this.get(path)
    return isJsonList(json) ? json.filter(isJsonObject) : []
  }

  /** The object at a path; null when there is none. */
  find(path: string): Promise<JsonObject | null> {
    return this.object(path).catch(nullWhenMissing)
  }

  /** The list at a path; null when what it is of is not there. */
  findList(path: string): Promise<readonly JsonObject[] | null> {
    return this.list(path).catch(nullWhenMissing)
  }

  /** Whether the API has something at a path. */
  async has(path: string): Promise<boolean> {
    const { status } = await this.send({ method: 'GET', path })
    return status < 400
  }

  put(path: string, body?: Json): Promise<Response> {
    return this.ask({ method: 'PUT', path, ...(body === undefined ? {} : { body }) })
  }

  post(path: string, body?: Json): Promise<Response> {
    return this.ask({ method: 'POST', path, ...(body === undefined ? {} : { body }) })
  }

  delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.ask({ method: 'DELETE', path, headers })
  }

  /** Whether there was something to delete. */
  async remove(path: string): Promise<boolean> {
    return (await this.delete(path).catch(nullWhenMissing)) !== null
  }

  /** The answer whatever its status is. */
  send(request: Request): Promise<Response> {
    return send(this.endpoint, { ...request, path: `/api${request.path}` })
  }

  private async ask(request: Request): Promise<Response> {
    const response = await this.send(request)
    if (response.status < 400) return response
    throw new ApiRefusal(response)
  }
}

/** The broker said no. */
export class ApiRefusal extends Failure {
  readonly status: number
  readonly reason: string

  constructor(response: Response) {
    const { reason, error } = objectIn(response)
    const said = reason ?? error ?? `HTTP ${response.status}`
    const text = typeof said === 'string' ? said : JSON.stringify(said)
    super(EXIT.unavailable, `Error:\n${text}`)
    this.status = response.status
    this.reason = text
  }
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof ApiRefusal && error.status === 404) return null
  throw error
}

function jsonIn({ text }: Response): Json {
  const json: Json = text === '' ? null : JSON.parse(text)
  return json
}

function objectIn(response: Response): JsonObject {
  try {
    const json = jsonIn(response)
    return isJsonObject(json) ? json : {}
  } catch {
    return {}
  }
}

/** A path of names, each encoded. */
export function path(...names: readonly string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('')
}
