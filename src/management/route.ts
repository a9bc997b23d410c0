import type { Access } from './access.ts'
import type { Call, Reply } from './call.ts'
import type { Schema } from './schema.ts'
import type { View } from './views/view.ts'

/** One method of one path of the API, below `/api`. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** With `:name` for what is decoded into `params`. */
  readonly path: string
  readonly access: Access
  /** For the document of the API. */
  readonly summary: string
  /** What the body must have, as RabbitMQ checks it. */
  readonly body?: Schema
  /** RabbitMQ leaves HEAD out of what it allows here. */
  readonly hasNoHead?: boolean
  /** It has something else than JSON to give. */
  readonly acceptsAnything?: boolean
  /** A body that the route reads itself. */
  readonly hasRawBody?: boolean
  /** What it answers with 200. */
  readonly response?: Schema
  readonly handle: (call: Call) => Reply | Promise<Reply>
}

/** A route that answers with one value, or a list. */
export function get(
  path: string,
  access: Access,
  summary: string,
  response: Schema,
  handle: Route['handle'],
): Route {
  return { method: 'GET', path, access, summary, response, handle }
}

export function objectOf<T>(view: View<T>): Schema {
  const properties = Object.entries(view).map(([name, { type }]) => [name, { type }] as const)
  return { type: 'object', properties: Object.fromEntries(properties) }
}

export function listOf<T>(view: View<T>): Schema {
  return { type: 'array', items: objectOf(view) }
}

/** A list, or a page of it. */
export function pagesOf<T>(view: View<T>): Schema {
  return {
    type: ['array', 'object'],
    items: objectOf(view),
    properties: {
      filtered_count: { type: 'integer' },
      item_count: { type: 'integer' },
      items: { type: 'array', items: objectOf(view) },
      page: { type: 'integer' },
      page_count: { type: 'integer' },
      page_size: { type: 'integer' },
      total_count: { type: 'integer' },
    },
  }
}

export const STATUS: Schema = {
  type: 'object',
  properties: { status: { type: 'string' }, reason: { type: 'string' } },
}

export function bodyWith(
  properties: Readonly<Record<string, string | readonly string[]>>,
  ...required: readonly string[]
): Schema {
  const schemas = Object.entries(properties).map(([name, type]) => [name, { type }] as const)
  return { type: 'object', properties: Object.fromEntries(schemas), required }
}
