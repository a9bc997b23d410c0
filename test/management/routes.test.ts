import { describe, expect, test } from 'vitest'
import { API_ROUTES } from '../../src/management/routes/all.ts'
import { startApi } from '../support/api-client.ts'

/** The path of a route with a name in place of every parameter. */
function pathOf(path: string): string {
  return `/api${path.replaceAll(/:\w+/g, 'x')}`
}

test('no route but version and login answers without a login', async () => {
  const { api } = await startApi()
  const answered: string[] = []
  for (const { method, path } of API_ROUTES) {
    const { status } = await api.as(null).send(method, pathOf(path))
    if (status !== 401) answered.push(`${method} ${path}`)
  }
  expect(answered).toEqual(['GET /version', 'DELETE /login'])
})

test.each(['monitoring', 'policymaker', 'administrator'] as const)(
  'who may only manage is refused what needs the tag %s',
  async (access) => {
    const { broker, api } = await startApi()
    broker.administration.addUser('clerk', 'clerk', ['management'])
    const routes = API_ROUTES.filter((route) => route.access === access)
    expect(routes).not.toEqual([])
    for (const { method, path } of routes) {
      const { status } = await api.as('clerk').send(method, pathOf(path))
      expect([method, path, status]).toEqual([method, path, 401])
    }
  },
)

test('the OpenAPI document has every route', async () => {
  const { api } = await startApi()
  const { json } = await api.as(null).get('/api/openapi.json')
  expect(json.openapi).toBe('3.1.0')
  for (const { method, path } of API_ROUTES) {
    const operation = json.paths[path.replaceAll(/:(\w+)/g, '{$1}')][method.toLowerCase()]
    expect(operation.summary).not.toBe('')
  }
})

describe('a queue', () => {
  test('is declared, listed, and deleted', async () => {
    const { api } = await startApi()
    const path = '/api/queues/%2F/a%20queue%2F'
    expect((await api.put(path, { durable: true })).status).toBe(201)
    expect((await api.put(path, { durable: true })).status).toBe(204)
    expect((await api.get(path)).json).toMatchObject({ name: 'a queue/', durable: true })
    expect((await api.get('/api/queues?columns=name')).json).toEqual([{ name: 'a queue/' }])
    expect((await api.delete(path)).status).toBe(204)
    expect((await api.get(path)).status).toBe(404)
  })

  test('has the default type of its vhost if it is to last', async () => {
    const { broker, api } = await startApi()
    broker.administration.describeVhost('/', { defaultQueueType: 'quorum' })
    await api.put('/api/queues/%2F/lasting', { durable: true })
    await api.put('/api/queues/%2F/passing', { durable: true, auto_delete: true })
    expect((await api.get('/api/queues?columns=name,type')).json).toEqual([
      { name: 'lasting', type: 'quorum' },
      { name: 'passing', type: 'classic' },
    ])
  })

  test('gives its messages, and takes them back', async () => {
    const { api } = await startApi()
    await api.put('/api/queues/%2F/q', { durable: true })
    const message = { routing_key: 'q', payload: 'hello', payload_encoding: 'string' }
    const properties = { headers: { a: 1 }, delivery_mode: 2 }
    const published = await api.post('/api/exchanges/%2F/amq.default/publish', {
      ...message,
      properties,
    })
    expect(published.json).toEqual({ routed: true })
    const wish = { count: 5, ackmode: 'ack_requeue_true', encoding: 'auto' }
    const { json } = await api.post('/api/queues/%2F/q/get', wish)
    expect(json).toMatchObject([{ payload: 'hello', redelivered: false, properties }])
    const again = await api.post('/api/queues/%2F/q/get', { ...wish, ackmode: 'ack_requeue_false' })
    expect(again.json).toMatchObject([{ payload: 'hello', redelivered: true }])
    const { json: queue } = await api.get('/api/queues/%2F/q')
    expect(queue.message_stats).toMatchObject({ publish: 1, get: 1, get_no_ack: 1, redeliver: 1 })
    expect(queue.messages).toBe(0)
  })
})

test('a list is filtered, sorted and cut into pages', async () => {
  const { api } = await startApi()
  for (const name of ['b', 'a1', 'c', 'a2']) await api.put(`/api/queues/%2F/${name}`)
  const query = '/api/queues?page=2&page_size=1&name=a&sort=name&sort_reverse=true&columns=name'
  expect((await api.get(query)).json).toEqual({
    filtered_count: 2,
    item_count: 1,
    items: [{ name: 'a1' }],
    page: 2,
    page_count: 2,
    page_size: 1,
    total_count: 4,
  })
})

test('definitions go out and come in again the same', async () => {
  const first = await startApi()
  await first.api.put('/api/vhosts/v', { tags: 'a,b', description: 'd' })
  await first.api.put('/api/users/u', { password: 'u', tags: 'management' })
  await first.api.put('/api/permissions/v/u', { configure: '.*', write: '.*', read: '' })
  await first.api.put('/api/queues/v/q', { durable: true, arguments: { 'x-max-length': 5 } })
  await first.api.post('/api/bindings/v/e/amq.topic/q/q', { routing_key: '#', arguments: { a: 1 } })
  await first.api.put('/api/policies/v/p', { pattern: '.*', definition: { 'max-length': 3 } })
  const { json } = await first.api.get('/api/definitions')
  const second = await startApi()
  expect((await second.api.post('/api/definitions', json)).status).toBe(204)
  expect((await second.api.get('/api/definitions')).json).toEqual(json)
})
