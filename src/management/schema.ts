import { isJsonObject, type Json, type JsonObject } from '../common/json.ts'
import { badRequest } from './http-error.ts'

/** The part of JSON schema that routes use. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: boolean | Schema
  readonly enum?: readonly (string | number | boolean)[]
  readonly format?: string
}

/**
 * The body of a request as RabbitMQ reads it, whatever its content type: nothing stands for an object without fields.
 * Throws RabbitMQ's answers to what is no object, and to fields that are required and missing.
 */
export function bodyOf(bytes: Buffer, schema: Schema | undefined): JsonObject {
  const json = parsed(bytes.toString())
  assertComplete(json, schema?.required ?? [])
  return json
}

function parsed(text: string): JsonObject {
  if (['', 'null', 'undefined'].includes(text.trim())) return {}
  const json = jsonIn(text)
  if (isJsonObject(json)) return json
  if (typeof json !== 'string') throw badRequest('not_json')
  throw badRequest(
    'invalid payload: the request body JSON-decoded to a string. Is the input doubly-JSON-encoded?',
  )
}

/** Undefined for what is no JSON, which is nothing that JSON can say. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is missing is told as an Erlang list, in several lines where it is long. */
function assertComplete(json: JsonObject, required: readonly string[]): void {
  const missing = required.filter((name) => json[name] === undefined)
  if (missing.length === 0) return
  const terms = missing.map((name) => `{key_missing,${name}}`)
  const line = `[${terms.join(',')}]`
  throw badRequest(line.length <= LINE_LENGTH ? line : `[${terms.join(',\n ')}]`)
}

const LINE_LENGTH = 80

/** True or false, also as text; false where it is missing. Throws RabbitMQ's answer to anything else. */
export function flag(body: JsonObject, name: string): boolean {
  const value = body[name]
  if (value === undefined || value === false || value === 'false') return false
  if (value === true || value === 'true') return true
  throw badRequest(['not_boolean', value])
}

/** Throws where RabbitMQ fails inside: it answers 500 without saying why. */
export function text(body: JsonObject, name: string, otherwise = ''): string {
  const value = body[name] ?? otherwise
  if (typeof value === 'string') return value
  throw badRequest(`${name} should be a string`)
}

/** Throws where RabbitMQ fails inside: it answers 500 without saying why. */
export function object(body: JsonObject, name: string): JsonObject {
  const value: Json = body[name] ?? {}
  if (isJsonObject(value)) return value
  if (Array.isArray(value) && value.length === 0) return {}
  throw badRequest(`${name} should be an object`)
}

/** A whole number, also as text. Throws RabbitMQ's answer to anything else. */
export function wholeNumber(value: Json | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return Number(value)
  throw badRequest(['not_integer', value ?? null])
}
