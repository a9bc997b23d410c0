import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../../common/json.ts'
import type { Response } from '../../http.ts'
import type { Surroundings } from '../../run.ts'
import type { AdminClient } from '../admin-client.ts'
import { ADMIN_EXIT, AdminFailure, wrongUsage } from './admin-failure.ts'
import { type AdminColumn, chosen } from './columns.ts'
import type { AdminCommandLine } from './command-line.ts'
import { drawn, plain, type Table } from './table.ts'

/** One command under way: what it was given, whom it asks, and how it prints. */
export class AdminCall {
  readonly input: Surroundings['input']
  private readonly client: AdminClient
  private readonly line: AdminCommandLine

  constructor(client: AdminClient, line: AdminCommandLine, input: Surroundings['input']) {
    this.client = client
    this.line = line
    this.input = input
  }

  /** That of the options; `/` without one. */
  get vhost(): string {
    return this.line.options.vhost ?? '/'
  }

  get endpoint(): string {
    const { host, port, pathPrefix } = this.line.options
    return `http://${host}:${port}${pathPrefix}/api`
  }

  has(name: string): boolean {
    return this.line.values.has(name)
  }

  value(name: string, otherwise = ''): string {
    return this.line.values.get(name) ?? otherwise
  }

  /** True or false. Throws an AdminFailure for anything else. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name, String(otherwise))
    if (value === 'true' || value === 'false') return value === 'true'
    throw wrongUsage(
      `invalid value '${value}' for '--${name} <${name}>'\n  [possible values: true, false]`,
      this.line.words.join(' '),
    )
  }

  /** Throws an AdminFailure for what is no JSON. */
  json(name: string, otherwise: Json): Json {
    const value = this.line.values.get(name)
    if (value === undefined) return otherwise
    try {
      const json: Json = JSON.parse(value)
      return json
    } catch (error) {
      throw notJson(name, value, error)
    }
  }

  /** The answer, whatever its status is. */
  request(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: Json): Promise<Response> {
    return this.client.request(method, path, body)
  }

  /** Throws an AdminFailure for a refusal. */
  async ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: Json): Promise<string> {
    const response = await this.request(method, path, body)
    if (response.status < 400) return response.text
    throw refusalOf(response)
  }

  async object(path: string): Promise<JsonObject> {
    const json: Json = JSON.parse(await this.ask('GET', path))
    return isJsonObject(json) ? json : {}
  }

  async list(path: string): Promise<readonly JsonObject[]> {
    const json: Json = JSON.parse(await this.ask('GET', path))
    return isJsonList(json) ? json.filter(isJsonObject) : []
  }

  /** Deletes; what is not there is as good as deleted where `--idempotently` is given. */
  async delete(path: string): Promise<string> {
    const response = await this.request('DELETE', path)
    if (response.status < 400 || (response.status === 404 && this.has('idempotently'))) return ''
    throw refusalOf(response)
  }

  shown(columns: readonly AdminColumn[], rows: readonly JsonObject[]): string {
    const names = this.line.values.get('columns')
    const wanted = names === undefined ? columns : chosen(columns, names)
    return this.drawn({
      columns: wanted.map(([title]) => title),
      rows: rows.map((row) => wanted.map(([, read]) => read(row))),
    })
  }

  drawn(table: Table): string {
    return this.line.isNonInteractive ? plain(table) : drawn(table, this.line.style)
  }
}

/** Of a path, each part encoded. */
export function at(...names: readonly string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('')
}

function notJson(name: string, value: string, cause: unknown): AdminFailure {
  const text = `the value of --${name} is no JSON: ${value}`
  return new AdminFailure(ADMIN_EXIT.data, text, false, cause)
}

function refusalOf({ status, text }: Response): AdminFailure {
  const { reason } = objectIn(text)
  if (status === 404 || reason === undefined) {
    return new AdminFailure(
      ADMIN_EXIT.data,
      `API responded with a ${status} ${STATUSES.get(status) ?? ''}`.trim(),
    )
  }
  return new AdminFailure(
    ADMIN_EXIT.data,
    typeof reason === 'string' ? reason : JSON.stringify(reason),
  )
}

const STATUSES = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [409, 'Conflict'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
])

/** The empty object for what is none. */
export function objectIn(text: string): JsonObject {
  try {
    const json: Json = JSON.parse(text)
    return isJsonObject(json) ? json : {}
  } catch {
    return {}
  }
}
