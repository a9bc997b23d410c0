import type { IncomingMessage, ServerResponse } from 'node:http'
import { Permissions } from '../auth/permissions.ts'
import { User } from '../auth/users.ts'
import { peerOf } from './access.ts'
import type { Call, Reply } from './call.ts'
import { HttpError, httpErrorOf, objectNotFound } from './http-error.ts'
import { Query } from './query.ts'
import type { Route } from './route.ts'
import { API_ROUTES } from './routes/all.ts'
import { bodyOf } from './schema.ts'
import type { Management } from './server.ts'

/**
 * Answers a request from who has been let in already, the operator on this machine, with all rights: the same routes as
 * over HTTP, without the framework, which would take longer to load than a command may take.
 */
export async function answerDirectly(
  management: Management,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const rawBody = await bodyBytes(request)
    const call = callOf(management, request, rawBody)
    write(await call.route.handle(call), response)
  } catch (error) {
    const known = httpErrorOf(error)
    if (known === undefined) {
      management.broker.log.error({ err: error }, `${request.method} ${request.url} failed`)
      response.writeHead(500).end()
      return
    }
    response.writeHead(known.status, { 'content-type': 'application/json' })
    response.end(known.body === null ? undefined : JSON.stringify(known.body))
  }
}

function callOf(
  { broker, sampler }: Management,
  request: IncomingMessage,
  rawBody: Buffer,
): Call & { readonly route: Route } {
  const [path = '', ...search] = (request.url ?? '').split('?')
  const { route, params } = routeOf(request.method ?? '', path)
  const readsBody = route.method !== 'GET' && route.hasRawBody !== true
  return {
    route,
    broker,
    sampler,
    user: operatorIn(params.vhost),
    peer: peerOf(request.socket),
    params,
    query: new Query(search.join('?')),
    body: readsBody ? bodyOf(rawBody, route.body) : {},
    rawBody,
    headers: request.headers,
  }
}

/** Who commands the broker, and may do everything in the vhost that a request is about. */
function operatorIn(vhost: string | undefined): User {
  const operator = new User('rmq-cli', '')
  operator.tags = new Set(['administrator'])
  if (vhost !== undefined) operator.permissions.set(vhost, EVERYTHING)
  return operator
}

const EVERYTHING = new Permissions('.*', '.*', '.*')

function routeOf(method: string, path: string): { route: Route; params: Record<string, string> } {
  const words = path.replace(/^\/api/, '').split('/')
  let isKnown = false
  for (const route of API_ROUTES) {
    const params = matched(route.path, words)
    if (params === null) continue
    if (route.method === method) return { route, params }
    isKnown = true
  }
  throw isKnown ? new HttpError(405, null) : objectNotFound()
}

/** What stands at the names of a path; null when the path is another one. Words win over names by their order in the table. */
function matched(path: string, words: readonly string[]): Record<string, string> | null {
  const parts = path.split('/')
  if (parts.length !== words.length) return null
  const params: Record<string, string> = {}
  for (const [at, part] of parts.entries()) {
    const word = words[at] ?? ''
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(word)
    else if (part !== word) return null
  }
  return params
}

async function bodyBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function write(reply: Reply, response: ServerResponse): void {
  if ('pieces' in reply) {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (const piece of reply.pieces) response.write(piece)
    response.end()
  } else if ('text' in reply) {
    response.writeHead(200, { 'content-type': reply.type }).end(reply.text)
  } else if ('json' in reply) {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(reply.json))
  } else {
    response.writeHead(reply.status).end()
  }
}
