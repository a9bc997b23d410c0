import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { User } from '../auth/users.ts'
import { Slices } from '../common/slices.ts'
import { authenticate, peerOf } from './access.ts'
import { answerError, COMMON_HEADERS, REVALIDATE, send } from './answer.ts'
import { apiPage } from './api-page.ts'
import type { Call } from './call.ts'
import { HttpError, objectNotFound } from './http-error.ts'
import type { ManagedBroker } from './managed-broker.ts'
import { openApiDocument } from './openapi.ts'
import { addPage } from './page-files.ts'
import { Query } from './query.ts'
import type { Route } from './route.ts'
import { API_ROUTES } from './routes/all.ts'
import { bodyOf } from './schema.ts'
import type { Management, RequestHandler } from './server.ts'

/** The HTTP API on Fastify: every route of the table, with its schema. */
export async function createApp(management: Management): Promise<RequestHandler> {
  const app = fastify({
    bodyLimit: MAX_BODY_SIZE,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: MAX_PARAM_LENGTH,
      onBadUrl: (_path, _request, response) => response.writeHead(400).end(),
    },
  })
  // bodies are checked as RabbitMQ checks them (schema.ts), and answers are JSON already
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const { log } = management.broker
  app.setErrorHandler((error, request, reply) => answerError(log, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    reply.header('allow', 'HEAD, GET, OPTIONS')
    return answerError(log, objectNotFound(), request, reply)
  })
  await addRoutes(app, management, new Slices())
  await app.ready()
  return (request, response) => app.routing(request, response)
}

/** All that is answered: the API, its document and the page. */
export async function addRoutes(
  app: FastifyInstance,
  management: Management,
  slices: Slices,
): Promise<void> {
  for (const [path, routes] of byPath(API_ROUTES)) {
    addPath(app, management, path, routes)
    if (slices.isOver) await slices.pause()
  }
  addDocument(app, management)
  addPage(app)
}

/** RabbitMQ's limit of a body, in bytes. */
const MAX_BODY_SIZE = 20_000_000
const MAX_PARAM_LENGTH = 4096

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>()
  for (const route of routes) {
    const known = paths.get(route.path)
    if (known === undefined) paths.set(route.path, [route])
    else known.push(route)
  }
  return paths
}

/** All methods of one path: those that it has, OPTIONS without a login, and 405 for the others. */
function addPath(
  app: FastifyInstance,
  management: Management,
  path: string,
  routes: readonly Route[],
): void {
  const url = `/api${path}`
  const allow = allowedMethods(routes)
  for (const route of routes) {
    app.route({
      method: route.method,
      url,
      schema: fastifySchema(route),
      // before the body is read: nobody has to take in what somebody sends who may not
      onRequest: async (request, reply) => {
        reply.header('allow', allow)
        admitted.set(request, await admit(management.broker, route, request))
      },
      handler: (request, reply) => {
        const user = admitted.get(request) ?? NOBODY
        return answer(management, route, user, request, reply)
      },
    })
  }
  const known = new Set<string>(routes.map(({ method }) => method))
  if (known.has('GET')) known.add('HEAD')
  app.options(url, (_request, reply) =>
    reply.headers({ ...COMMON_HEADERS, allow, 'cache-control': REVALIDATE }).send(),
  )
  app.route({
    method: METHODS.filter((method) => !known.has(method)),
    url,
    handler: (_request, reply) =>
      reply
        .code(405)
        .headers({ ...COMMON_HEADERS, allow, 'cache-control': REVALIDATE })
        .send(),
  })
}

/** As RabbitMQ has them. */
const REDIRECTS = [
  ['/api', '/api/index.html'],
  ['/cli', '/cli/index.html'],
  ['/doc/stats.html', '/api/index.html'],
] as const

const METHODS = ['HEAD', 'GET', 'PUT', 'POST', 'DELETE', 'PATCH'] as const

function allowedMethods(routes: readonly Route[]): string {
  const had = new Set(routes.map(({ method }) => method))
  const isHead = had.has('GET') && !routes.some(({ hasNoHead }) => hasNoHead)
  const names = (['GET', 'PUT', 'POST', 'DELETE'] as const).filter((name) => had.has(name))
  return [...(isHead ? ['HEAD'] : []), ...names, 'OPTIONS'].join(', ')
}

function fastifySchema({ path, body, response, summary }: Route): object {
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => [name, { type: 'string' }])
  return {
    summary,
    params: { type: 'object', properties: Object.fromEntries(params) },
    ...(body === undefined ? {} : { body }),
    ...(response === undefined ? {} : { response: { 200: response } }),
  }
}

/** Who asks, by the request in which they do so. */
const admitted = new WeakMap<FastifyRequest, User>()

async function admit(
  broker: ManagedBroker,
  { access }: Route,
  { headers, socket }: FastifyRequest,
): Promise<User> {
  if (access === 'open') return NOBODY
  return authenticate(broker, headers.authorization, peerOf(socket), access)
}

/** Has the route answer, and sends it. */
async function answer(
  { broker, sampler }: Management,
  route: Route,
  user: User,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { headers } = request
  assertAccepts(route, headers.accept)
  const rawBody = Buffer.isBuffer(request.body) ? request.body : NO_BYTES
  const readsBody = route.method !== 'GET' && route.hasRawBody !== true
  const question = request.url.indexOf('?')
  const call: Call = {
    broker,
    sampler,
    user,
    peer: peerOf(request.socket),
    params: paramsOf(request.params),
    query: new Query(question < 0 ? '' : request.url.slice(question + 1)),
    body: readsBody ? bodyOf(rawBody, route.body) : {},
    rawBody,
    headers,
  }
  const isConditional = headers['if-none-match'] !== undefined && route.method === 'GET'
  const given = await route.handle(call)
  if (isConditional) throw new HttpError(412, null)
  return send(given, request, reply)
}

const NO_BYTES = Buffer.alloc(0)

/** Who asks for what is open to all. */
const NOBODY = new User('', '')

/** RabbitMQ has JSON and nothing else. */
function assertAccepts({ method, acceptsAnything }: Route, accept: string | undefined): void {
  if (accept === undefined || acceptsAnything || (method !== 'GET' && method !== 'POST')) return
  if (/application\/(json|\*)|\*\/\*/.test(accept)) return
  throw new HttpError(406, null)
}

function paramsOf(params: unknown): Record<string, string> {
  const decoded: Record<string, string> = {}
  if (typeof params !== 'object' || params === null) return decoded
  for (const [name, value] of Object.entries(params)) decoded[name] = String(value)
  return decoded
}

/** The document of the API, for programs and for people. */
function addDocument(app: FastifyInstance, { broker }: Management): void {
  for (const [path, location] of REDIRECTS) {
    app.get(path, (_request, reply) => reply.code(301).header('location', location).send())
  }
  app.get('/api/index.html', (_request, reply) =>
    reply
      .headers({ ...COMMON_HEADERS, allow: 'HEAD, GET, OPTIONS', 'cache-control': REVALIDATE })
      .header('content-type', 'text/html')
      .send(apiPage(API_ROUTES)),
  )
  const document = JSON.stringify(openApiDocument(API_ROUTES, broker.version))
  app.get('/api/openapi.json', (_request, reply) =>
    reply.headers(COMMON_HEADERS).type('application/json').send(document),
  )
}
