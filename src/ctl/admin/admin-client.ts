import { isJsonObject, type Json } from '../../common/json.ts'
import { type Response, send } from '../http.ts'
import { AdminError } from './admin-error.ts'
import type { AdminOptions } from './options.ts'

/** The HTTP API of a broker, for who has a login. */
export class AdminClient {
  private readonly options: AdminOptions

  constructor(options: AdminOptions) {
    this.options = options
  }

  /** The text of an answer. Throws an AdminError for a refusal, in the words that rabbitmqadmin has for it. */
  async ask(method: Method, path: string, body?: Json): Promise<string> {
    const response = await this.request(method, path, body)
    if (response.status < 400) return response.text
    throw refusalOf(response, `${this.options.pathPrefix}/api${path}`)
  }

  /** The answer, whatever its status is. Throws an AdminError where nobody answers. */
  request(method: Method, path: string, body?: Json): Promise<Response> {
    const { host, port, pathPrefix, username, password, tls } = this.options
    const endpoint = { host, port, tls, login: { user: username, password } }
    const full = `${pathPrefix}/api${path}`
    const request = { method, path: full, ...(body === undefined ? {} : { body }) }
    return send(endpoint, request).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new AdminError(`Could not connect: ${reason}`, false)
    })
  }
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

function refusalOf({ status, text }: Response, path: string): AdminError {
  if (status === 401) return new AdminError(`Access refused: ${path}`, false)
  if (status === 404) return new AdminError(`Not found: ${path}`, false)
  if (status === 400) {
    const json = jsonIn(text)
    const reason = isJsonObject(json) ? json.reason : undefined
    if (typeof reason === 'string') return new AdminError(reason, false)
    return new AdminError(JSON.stringify(reason ?? text), false)
  }
  return new AdminError(`Received response ${status} for ${path}\n${text}`, false)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
