import type { Attempts } from '../../auth/auth-attempts.ts'
import { isJsonObject, type JsonObject } from '../../common/json.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { get, listOf, objectOf, type Route } from '../route.ts'
import {
  binaryJson,
  measuredNode,
  memoryJson,
  nodeView,
  relativeMemoryJson,
} from '../views/node.ts'
import { shown } from '../views/view.ts'

const OBJECT = { type: 'object' }

export const NODE_ROUTES: readonly Route[] = [
  get('/nodes', 'monitoring', 'The node, in a list', listOf(nodeView), (call) =>
    list({ view: nodeView, order: ['name'], hasPages: false }, [measuredNode(call.sampler)], call),
  ),
  get('/nodes/:name', 'monitoring', 'The node', objectOf(nodeView), (call) => {
    assertIsHere(call)
    const node = shown(nodeView, measuredNode(call.sampler), call, call.query.columns)
    return { json: isJsonObject(node) ? { ...node, ...memoryAsked(call) } : node }
  }),
  get('/nodes/:name/memory', 'monitoring', 'What its memory is used for', OBJECT, (call) => {
    assertIsHere(call)
    return { json: { memory: memoryJson(process.memoryUsage.rss()) } }
  }),
  get('/nodes/:name/memory/relative', 'monitoring', 'The same in percent', OBJECT, (call) => {
    assertIsHere(call)
    return { json: { memory: relativeMemoryJson() } }
  }),
  get(
    '/auth/attempts/:name',
    'monitoring',
    'How many logins were tried',
    { type: 'array', items: OBJECT },
    (call) => {
      assertIsHere(call)
      return {
        json: [...call.broker.attempts].map(([protocol, attempts]) => ({
          protocol,
          ...attemptsJson(attempts),
        })),
      }
    },
  ),
  get(
    '/auth/attempts/:name/source',
    'monitoring',
    'The same by address and user, as long as that is tracked',
    { type: 'array', items: OBJECT },
    (call) => {
      assertIsHere(call)
      return {
        json: [...call.broker.attempts.sources].map((source) => ({
          remote_address: source.address,
          username: source.user,
          protocol: source.protocol,
          ...attemptsJson(source),
        })),
      }
    },
  ),
  ...['/auth/attempts/:name', '/auth/attempts/:name/source'].map(
    (path): Route => ({
      method: 'DELETE',
      path,
      access: 'monitoring',
      summary: 'Begins to count anew',
      handle: (call) => {
        assertIsHere(call)
        call.broker.attempts.clear()
        return NO_CONTENT
      },
    }),
  ),
  done('POST', '/rebalance/queues', 'Spreads queues over nodes, of which there is one'),
  done('DELETE', '/reset', 'Nothing: statistics are read from what they are about'),
  done('DELETE', '/reset/:name', 'Nothing: statistics are read from what they are about'),
  {
    method: 'POST',
    path: '/vhosts/:vhost/start/:name',
    access: 'administrator',
    summary: 'Nothing: vhosts run',
    handle: ({ broker, params }) => {
      const { name = '', vhost = '' } = params
      if (broker.vhosts.get(vhost) === undefined) throw objectNotFound()
      if (name !== broker.nodeName) throw badRequest(`Unknown node: ${name}`)
      return NO_CONTENT
    },
  },
]

function attemptsJson({ succeeded, failed }: Attempts): JsonObject {
  return {
    auth_attempts: succeeded + failed,
    auth_attempts_failed: failed,
    auth_attempts_succeeded: succeeded,
  }
}

/** What `memory=true` and `binary=true` add. */
function memoryAsked({ query }: Call): JsonObject {
  const { rss, external } = process.memoryUsage()
  return {
    ...(query.is('memory') ? { memory: memoryJson(rss) } : {}),
    ...(query.is('binary') ? { binary: binaryJson(external) } : {}),
  }
}

function done(method: 'POST' | 'DELETE', path: string, summary: string): Route {
  const handle = (call: Call): Reply => {
    if (call.params.name !== undefined) assertIsHere(call)
    return NO_CONTENT
  }
  return { method, path, access: 'administrator', summary, handle, hasRawBody: true }
}

function assertIsHere({ broker, params }: Call): void {
  if (params.name !== broker.nodeName) throw objectNotFound()
}
