import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { ExposedBroker } from '../metrics/prometheus/exposed-broker.ts'
import { CONTENT_TYPE, Exposition, type ScrapeRequest } from '../metrics/prometheus/exposition.ts'
import type { Form } from '../metrics/prometheus/metric.ts'
import { authenticate, peerOf } from './access.ts'
import { globalParametersOf } from './definitions/parameters.ts'
import { type HttpError, httpErrorOf } from './http-error.ts'
import type { ManagedBroker } from './managed-broker.ts'
import type { Management } from './server.ts'
import { clusterName } from './views/overview.ts'

/** Answers who scrapes metrics; where they are guarded, who has a login and a tag for it. */
export async function answerScrape(
  management: Management,
  request: IncomingMessage,
  response: ServerResponse,
  isGuarded: boolean,
): Promise<void> {
  const problem = isGuarded ? await refusalFor(management.broker, request) : null
  if (problem !== null) {
    response.writeHead(problem.status, { ...problem.headers, 'content-type': 'application/json' })
    response.end(problem.body === null ? undefined : JSON.stringify(problem.body))
    return
  }
  const { method, url = '/' } = request
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const path = pathname.replace(/\/+$/, '')
  const form = FORMS.get(path)
  response.setHeader('vary', 'accept-encoding')
  if (path !== '/metrics' && !path.startsWith('/metrics/')) {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end('{"error":"Object Not Found","reason":"Not Found"}')
    return
  }
  response.setHeader('allow', 'HEAD, GET, OPTIONS')
  if (form === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Unknown Registry')
    return
  }
  if (method === 'OPTIONS') {
    response.writeHead(200).end()
    return
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE })
  await tell(expositionOf(management).text(requestOf(form, searchParams)), response)
}

/** No faster than it is read, and no further once the reader has gone. */
async function tell(parts: AsyncIterable<string>, response: ServerResponse): Promise<void> {
  try {
    await pipeline(parts, response)
  } catch (error) {
    if (response.socket?.destroyed !== false) return
    throw error
  }
}

async function refusalFor(
  broker: ManagedBroker,
  { headers, socket }: IncomingMessage,
): Promise<HttpError | null> {
  try {
    await authenticate(broker, headers.authorization, peerOf(socket), 'monitoring')
    return null
  } catch (error) {
    const known = httpErrorOf(error)
    if (known === undefined) throw error
    return known
  }
}

const FORMS: ReadonlyMap<string, Form> = new Map([
  ['/metrics', 'aggregated'],
  ['/metrics/default', 'aggregated'],
  ['/metrics/per-object', 'per-object'],
  ['/metrics/detailed', 'detailed'],
  ['/metrics/memory-breakdown', 'memory-breakdown'],
])

function requestOf(form: Form, query: URLSearchParams): ScrapeRequest {
  const queue = query.get('queue')
  return {
    form,
    families: query.getAll('family'),
    vhosts: query.getAll('vhost'),
    queuePattern: queue === null ? null : patternOf(queue),
  }
}

/** What is no expression matches nothing. */
function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch {
    return /^(?!)/
  }
}

const expositions = new WeakMap<Management, Exposition>()

/** One for each broker: it counts its scrapes, and remembers queues that are gone. */
function expositionOf(management: Management): Exposition {
  let exposition = expositions.get(management)
  if (exposition === undefined) {
    exposition = new Exposition(exposedBroker(management), management.sampler)
    expositions.set(management, exposition)
  }
  return exposition
}

function exposedBroker({ broker }: Management): ExposedBroker {
  const { vhosts, connections, churn, clock, directory, alarms, ids } = broker
  return {
    vhosts,
    connections,
    churn,
    clock,
    directory,
    alarms,
    attempts: broker.attempts,
    nodeName: broker.nodeName,
    version: broker.version,
    startedAtMs: broker.startedAtMs,
    get clusterName() {
      return String(clusterName({ broker }))
    },
    get clusterId() {
      const found = globalParametersOf(broker).find(({ name }) => name === 'internal_cluster_id')
      return String(found?.value ?? '')
    },
    get memoryLimitBytes() {
      return broker.watch.shownMemory.bytes
    },
    get diskFreeLimitBytes() {
      return broker.watch.shownDiskFree
    },
    processId: (thing) => ids.of(thing),
  }
}
