import type { Row, Step } from './row.ts'

const DURABLE = { durable: true }
const DIRECT = { type: 'direct', durable: true }
const QUEUE: Step = ['PUT', '/queues/VHOST/tried', DURABLE]
const EXCHANGE: Step = ['PUT', '/exchanges/VHOST/tried', DIRECT]
const BINDING: Step = ['POST', '/bindings/VHOST/e/tried/q/tried', { routing_key: 'k' }]
const BETWEEN: Step = ['POST', '/bindings/VHOST/e/tried/e/amq.fanout', { routing_key: 'k' }]
const MESSAGE: Step = [
  'POST',
  '/exchanges/VHOST/amq.default/publish',
  { routing_key: 'tried', properties: {}, payload: 'm', payload_encoding: 'string' },
]

/** Queues, exchanges and bindings. */
export const DECLARED: readonly Row[] = [
  { route: 'GET /exchanges', guard: 'management', path: '/exchanges', status: 200 },
  { route: 'GET /exchanges/:vhost', guard: 'vhost', path: '/exchanges/VHOST', status: 200 },
  {
    route: 'GET /exchanges/:vhost/:name',
    guard: 'vhost',
    path: '/exchanges/VHOST/amq.topic',
    status: 200,
  },
  {
    route: 'PUT /exchanges/:vhost/:name',
    guard: 'declare',
    path: '/exchanges/VHOST/made',
    body: DIRECT,
    before: [
      ['PUT', '/exchanges/VHOST/made', DIRECT],
      ['DELETE', '/exchanges/VHOST/made'],
    ],
    status: 201,
  },
  {
    route: 'DELETE /exchanges/:vhost/:name',
    guard: 'declare',
    path: '/exchanges/VHOST/tried',
    before: [EXCHANGE],
    status: 204,
  },
  {
    route: 'POST /exchanges/:vhost/:name/publish',
    guard: 'publish',
    path: '/exchanges/VHOST/amq.default/publish',
    body: MESSAGE[2],
    before: [QUEUE],
    status: 200,
  },
  {
    route: 'GET /exchanges/:vhost/:name/bindings/source',
    guard: 'vhost',
    path: '/exchanges/VHOST/tried/bindings/source',
    before: [EXCHANGE],
    status: 200,
  },
  {
    route: 'GET /exchanges/:vhost/:name/bindings/destination',
    guard: 'vhost',
    path: '/exchanges/VHOST/tried/bindings/destination',
    before: [EXCHANGE],
    status: 200,
  },
  {
    route: 'POST /exchanges/:vhost/:name/trial',
    guard: 'vhost',
    path: '/exchanges/VHOST/tried/trial',
    body: { routing_key: 'k' },
    before: [EXCHANGE],
    status: 200,
  },
  { route: 'GET /queues', guard: 'management', path: '/queues', status: 200 },
  { route: 'GET /queues/detailed', guard: 'management', path: '/queues/detailed', status: 200 },
  { route: 'GET /queues/:vhost', guard: 'vhost', path: '/queues/VHOST', status: 200 },
  {
    route: 'GET /queues/:vhost/:name',
    guard: 'vhost',
    path: '/queues/VHOST/tried',
    before: [QUEUE],
    status: 200,
  },
  {
    route: 'PUT /queues/:vhost/:name',
    guard: 'declare',
    path: '/queues/VHOST/made',
    body: DURABLE,
    before: [
      ['PUT', '/queues/VHOST/made', DURABLE],
      ['DELETE', '/queues/VHOST/made'],
    ],
    status: 201,
  },
  {
    route: 'DELETE /queues/:vhost/:name',
    guard: 'declare',
    path: '/queues/VHOST/tried',
    before: [QUEUE],
    status: 204,
  },
  {
    route: 'DELETE /queues/:vhost/:name/contents',
    guard: 'declare',
    path: '/queues/VHOST/tried/contents',
    before: [QUEUE],
    status: 204,
  },
  {
    route: 'POST /queues/:vhost/:name/get',
    guard: 'get',
    path: '/queues/VHOST/tried/get',
    body: { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' },
    before: [QUEUE],
    status: 200,
  },
  {
    route: 'POST /queues/:vhost/:name/actions',
    guard: 'administrator',
    path: '/queues/VHOST/tried/actions',
    body: { action: 'sync' },
    before: [QUEUE],
    status: 400,
  },
  {
    route: 'GET /queues/:vhost/:name/bindings',
    guard: 'vhost',
    path: '/queues/VHOST/tried/bindings',
    before: [QUEUE],
    status: 200,
  },
  {
    route: 'GET /queues/:vhost/:name/messages',
    guard: 'get',
    path: '/queues/VHOST/tried/messages',
    before: [QUEUE],
    status: 200,
  },
  {
    route: 'POST /queues/:vhost/:name/move',
    guard: 'get',
    path: '/queues/VHOST/tried/move',
    body: { destination: 'made' },
    before: [QUEUE, ['PUT', '/queues/VHOST/made', DURABLE], MESSAGE],
    status: 200,
  },
  {
    route: 'POST /queues/:vhost/:name/replay',
    guard: 'get',
    path: '/queues/VHOST/tried/replay',
    body: { to: 'queue' },
    before: [QUEUE],
    status: 200,
  },
  { route: 'GET /bindings', guard: 'management', path: '/bindings', status: 200 },
  { route: 'GET /bindings/:vhost', guard: 'vhost', path: '/bindings/VHOST', status: 200 },
  ...between('q', 'tried', BINDING),
  ...between('e', 'amq.fanout', BETWEEN),
]

function between(letter: string, destination: string, binding: Step): readonly Row[] {
  const route = `/bindings/:vhost/e/:source/${letter}/:destination`
  const path = `/bindings/VHOST/e/tried/${letter}/${destination}`
  const before = [QUEUE, EXCHANGE, binding]
  return [
    { route: `GET ${route}`, guard: 'vhost', path, before, status: 200 },
    {
      route: `POST ${route}`,
      guard: 'declare',
      path,
      body: { routing_key: 'new' },
      before,
      status: 201,
    },
    { route: `GET ${route}/:key`, guard: 'vhost', path: `${path}/k`, before, status: 200 },
    { route: `DELETE ${route}/:key`, guard: 'declare', path: `${path}/k`, before, status: 204 },
  ]
}
