import { setTimeout as pass } from 'node:timers/promises'
import { LoadConnection } from './connection.ts'
import { Gauge } from './gauge.ts'
import type { Job, Measures } from './job.ts'

/** Opens many connections with a channel each, and holds them without doing anything. */
export async function runIdle(job: Job & { readonly kind: 'idle' }): Promise<Measures> {
  const gauge = new Gauge(job.pid)
  gauge.begin()
  const connections: LoadConnection[] = []
  for (let i = 0; i < job.connections; i++) {
    connections.push(await LoadConnection.open(job.url, 1, ROOM_SIZE))
  }
  await pass(job.seconds * 1000)
  const { rssBeforeBytes, rssAtEndBytes } = gauge.end(job.connections)
  for (const connection of connections) await connection.close()
  if (rssBeforeBytes === undefined || rssAtEndBytes === undefined) return {}
  return {
    idleBytes: rssBeforeBytes,
    connectionBytes: (rssAtEndBytes - rssBeforeBytes) / job.connections,
    ...(await gauge.afterLoad()),
  }
}

const ROOM_SIZE = 4096
