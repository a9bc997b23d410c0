import { credentials, signOut } from './session.ts'
import { Store } from './store.ts'

/** Whether the broker answers. */
export const isReachable = new Store(true)

/** An answer of the API that is no success, or no answer at all: then the status is 0. */
export class ApiError extends Error {
  readonly status: number

  constructor(message: string, options: ErrorOptions & { readonly status: number }) {
    super(message, options)
    this.name = 'ApiError'
    this.status = options.status
  }
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

export interface RequestOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** In place of those that are kept. */
  readonly authorization?: string
}

/** Asks the API; the path begins behind `api/`. Throws an ApiError for all but success. */
export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await send(method, path, options)
  const text = await response.text()
  if (response.ok) return JSON.parse(text === '' ? 'null' : text)
  const message = messageIn(text) ?? `${response.status} ${response.statusText}`
  if (response.status === 401 && options.authorization === undefined) leaveIfRefused(message)
  throw new ApiError(message, { status: response.status })
}

/** A path of names, each of them encoded. */
export function path(...names: readonly string[]): string {
  return names.map(encodeURIComponent).join('/')
}

/** The name that the API has for an exchange in a path. */
export function exchangePath(vhost: string, name: string): string {
  return path('exchanges', vhost, name === '' ? 'amq.default' : name)
}

export function query(values: Readonly<Record<string, string | number | boolean | null>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** What went wrong, in words for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const { body, signal, headers = {} } = options
  const authorization = options.authorization ?? credentials() ?? ''
  try {
    const response = await fetch(`api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      credentials: 'omit',
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    isReachable.set(true)
    return response
  } catch (error) {
    if (signal?.aborted) throw error
    isReachable.set(false)
    throw new ApiError('The broker does not answer.', { status: 0, cause: error })
  }
}

/** The password may have been changed, or the user deleted; other refusals concern one thing only. */
function leaveIfRefused(message: string): void {
  if (message === 'Not_Authorized')
    signOut('You have been signed out: the broker refuses the login.')
}

/** The reason that RabbitMQ's error bodies give, which need not be text. */
function messageIn(text: string): string | null {
  try {
    const { reason, error }: { reason?: unknown; error?: unknown } = JSON.parse(text)
    const told = reason ?? error
    return told === undefined ? null : typeof told === 'string' ? told : JSON.stringify(told)
  } catch {
    return null
  }
}
