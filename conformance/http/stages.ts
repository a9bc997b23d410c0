import { setTimeout as delay } from 'node:timers/promises'
import type { Broker } from '../../src/index.ts'
import type { Capture } from './capture.ts'
import { ask } from './exchange.ts'
import { placeOf } from './scene.ts'

type Step = readonly [method: string, path: string, body?: object]

/** What was done before a request was captured, without being captured itself. */
const BEFORE: readonly (readonly [name: RegExp, steps: readonly Step[]])[] = [
  [
    /^write\/publish-get 1$/,
    [
      ['PUT', '/api/queues/orders/g1', { durable: true, arguments: { 'x-queue-type': 'classic' } }],
      ['POST', '/api/bindings/orders/e/ex.direct/q/g1', { routing_key: 'g' }],
      [
        'PUT',
        '/api/queues/orders/gfull',
        {
          durable: true,
          arguments: {
            'x-queue-type': 'classic',
            'x-max-length': 0,
            'x-overflow': 'reject-publish',
          },
        },
      ],
    ],
  ],
  [/^write\/publish-all-properties 1$/, [['DELETE', '/api/queues/orders/g1/contents']]],
  [
    /^write\/get-quorum-and-deadletter 1$/,
    [
      ['PUT', '/api/queues/orders/gq', { durable: true, arguments: { 'x-queue-type': 'quorum' } }],
      [
        'POST',
        '/api/exchanges/orders/amq.default/publish',
        { properties: {}, routing_key: 'gq', payload: 'q', payload_encoding: 'string' },
      ],
    ],
  ],
  [/^write\/permissions 1$/, [['PUT', '/api/users/pu', { password: 'pu', tags: '' }]]],
]

/** Those that need what others left behind come after them. */
export function inTurn(captures: readonly Capture[]): readonly Capture[] {
  const rank = ({ name }: Capture) => {
    const at = FIRST.findIndex((text) => name.startsWith(`${text} `))
    return at < 0 ? FIRST.length : at
  }
  return [...captures].sort((a, b) => rank(a) - rank(b))
}

const FIRST = [
  'health/ok',
  'health/memory-alarm',
  'health/disk-alarm',
  'health/after-alarms',
  'write/queues',
  'write/queues-invalid-args',
  'write/exchanges',
  'write/bindings',
  'write/publish-get',
  'write/publish-all-properties',
  'write/get-quorum-and-deadletter',
]

export async function prepare(broker: Broker, { name }: Capture): Promise<void> {
  for (const [pattern, steps] of BEFORE) {
    if (!pattern.test(name)) continue
    for (const [method, path, body] of steps) await step(broker, method, path, body)
  }
  if (name === 'write/get-quorum-and-deadletter 6') await untilExpired(broker)
  if (/^health\/memory-alarm 1$/.test(name)) broker.administration.setAlarm('memory', true)
  if (/^health\/disk-alarm 1$/.test(name)) {
    broker.administration.setAlarm('memory', false)
    broker.administration.setAlarm('disk', true)
  }
  if (/^health\/after-alarms 1$/.test(name)) broker.administration.setAlarm('disk', false)
}

/** Waits for the message that is dead-lettered to g1. */
async function untilExpired(broker: Broker): Promise<void> {
  const path = '/api/queues/orders/g1?columns=messages'
  const request = { method: 'GET', path, user: 'guest', requestHeaders: {}, body: null }
  for (let attempt = 0; attempt < 100; attempt++) {
    const { body } = await ask(placeOf(broker), request)
    if (!body.toString().includes(':0')) return
    await delay(10)
  }
}

async function step(broker: Broker, method: string, path: string, body?: object): Promise<void> {
  const sent = body === undefined ? null : JSON.stringify(body)
  const request = { method, path, user: 'guest', requestHeaders: {}, body: sent }
  const { status } = await ask(placeOf(broker), request)
  if (status >= 300) throw new Error(`${method} ${path}: ${status}`)
}
