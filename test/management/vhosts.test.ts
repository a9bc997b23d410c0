import { describe, expect, test } from 'vitest'
import { startApi } from '../support/api-client.ts'

const EVERYTHING = { user: 'guest', configure: '.*', write: '.*', read: '.*' }

describe('a new vhost', () => {
  test('belongs to the user who adds it', async () => {
    const { api } = await startApi()
    expect((await api.put('/api/vhosts/shop', {})).status).toBe(201)
    const { json } = await api.get('/api/vhosts/shop/permissions')
    expect(json).toEqual([{ ...EVERYTHING, vhost: 'shop' }])
    expect((await api.put('/api/queues/shop/orders', { durable: true })).status).toBe(201)
  })

  test('belongs to the user who imports it', async () => {
    const { api } = await startApi()
    const definitions = { vhosts: [{ name: 'shop' }] }
    expect((await api.post('/api/definitions', definitions)).status).toBe(204)
    const { json } = await api.get('/api/vhosts/shop/permissions')
    expect(json).toEqual([{ ...EVERYTHING, vhost: 'shop' }])
  })

  test('has the permissions that its definitions name', async () => {
    const { api } = await startApi()
    const permission = { user: 'guest', vhost: 'shop', configure: '^a', write: '', read: '.*' }
    await api.post('/api/definitions', { vhosts: [{ name: 'shop' }], permissions: [permission] })
    expect((await api.get('/api/vhosts/shop/permissions')).json).toEqual([permission])
  })
})

test('a vhost that is described again keeps its permissions', async () => {
  const { broker, api } = await startApi()
  broker.administration.addVhost('shop')
  expect((await api.put('/api/vhosts/shop', { description: 'Orders' })).status).toBe(204)
  expect((await api.get('/api/vhosts/shop/permissions')).json).toEqual([])
})

test.each([
  ['true', true],
  ['false', false],
])('tracing may be told as the text %s, as command line tools do', async (text, isOn) => {
  const { broker, api } = await startApi()
  broker.administration.addVhost('shop')
  broker.administration.setTracing('shop', !isOn)
  await api.put('/api/vhosts/shop', { tracing: text })
  expect((await api.get('/api/vhosts/shop')).json).toMatchObject({ tracing: isOn })
})
