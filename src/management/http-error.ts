import type { Json } from '../common/json.ts'
import { Refusal, type RefusalKind } from '../core/refusal.ts'
import { NullNotAllowed } from './amqp-json.ts'
import { DefinitionsError } from './definitions/definitions-error.ts'

/** An answer that is no success, in the form that RabbitMQ gives it. */
export class HttpError extends Error {
  readonly status: number
  /** Null for an empty one. */
  readonly body: Json
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: Json, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`)
    this.name = 'HttpError'
    this.status = status
    this.body = body
    this.headers = headers
  }
}

export function badRequest(reason: Json): HttpError {
  return new HttpError(400, { error: 'bad_request', reason })
}

/** Something of this name does not exist. */
export function objectNotFound(): HttpError {
  return new HttpError(404, { error: 'Object Not Found', reason: 'Not Found' })
}

export function notFound(reason: string): HttpError {
  return new HttpError(404, { error: 'not_found', reason })
}

export function notAuthorised(reason: string): HttpError {
  return new HttpError(401, { error: 'not_authorised', reason })
}

/** Who says so is not believed. */
export function notAuthenticated(): HttpError {
  return new HttpError(401, { error: 'not_authorized', reason: 'Not_Authorized' })
}

/** What core or a part of management refused, as RabbitMQ answers to it; undefined for a bug of ours. */
export function httpErrorOf(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error
  if (error instanceof Refusal) return errorOfRefusal(error)
  if (error instanceof DefinitionsError) return badRequest(error.message)
  if (error instanceof NullNotAllowed) return badRequest(error.message)
  return undefined
}

/** Publishing and fetching go over a channel in RabbitMQ: the reason begins with the code that closes it. */
export function errorOfChannel(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error
  return badRequest(`${REPLIES[error.kind]}${error.message}`)
}

/** Fetching goes over a channel too, but RabbitMQ tells who may not from what cannot be. */
export function errorOfFetch(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.kind !== 'access-refused') return errorOfChannel(error)
  return notAuthorised(`ACCESS_REFUSED - ${error.message}`)
}

function errorOfRefusal(refusal: Refusal): HttpError {
  switch (refusal.kind) {
    case 'access-refused':
      return notAuthorised('Access refused.')
    case 'not-found':
      return notFound(refusal.message)
    default:
      return badRequest(refusal.message)
  }
}

const REPLIES: Readonly<Record<RefusalKind, string>> = {
  'access-refused': '403 ACCESS_REFUSED - ',
  'not-found': '404 NOT_FOUND - ',
  'resource-locked': '405 RESOURCE_LOCKED - ',
  'precondition-failed': '406 PRECONDITION_FAILED - ',
  'command-invalid': '503 ',
  'resource-error': '506 ',
  'not-allowed': '530 ',
  'not-implemented': '540 ',
  'internal-error': '541 ',
}
