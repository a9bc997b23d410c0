import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type BrokerOptions, createBroker } from '../../src/index.ts'
import { startApi } from '../support/api-client.ts'
import { dataDirectory } from '../support/data-directory.ts'

const DEFAULTS: NonNullable<BrokerOptions['vhostDefaults']> = {
  limits: [
    { vhostPattern: '^dev', maxConnections: 2, maxQueues: 1 },
    { vhostPattern: '^(dev|qa)', maxQueues: 7 },
  ],
  operatorPolicies: [
    { name: 'short', vhostPattern: '^dev', queuePattern: '^tmp', definition: { 'max-length': 3 } },
    { name: 'everywhere', definition: { expires: 60_000 } },
  ],
  users: [
    {
      name: 'watcher',
      vhostPattern: '^(dev|/)',
      password: 'secret',
      tags: ['monitoring'],
      write: '^$',
    },
    { name: 'guest', vhostPattern: '^dev', password: 'other', configure: '^g' },
    { name: 'certified', vhostPattern: '^qa' },
  ],
}

const start = () => startApi({ vhostDefaults: DEFAULTS })

test('a new vhost has the limits of the first pattern that matches its name', async () => {
  const { api } = await start()
  for (const name of ['dev1', 'qa', 'live']) await api.put(`/api/vhosts/${name}`)
  expect((await api.get('/api/vhost-limits')).json).toEqual([
    { vhost: 'dev1', value: { 'max-connections': 2, 'max-queues': 1 } },
    { vhost: 'qa', value: { 'max-queues': 7 } },
  ])
})

test('a new vhost has all operator policies whose pattern matches, the first vhost too', async () => {
  const { api } = await start()
  await api.put('/api/vhosts/dev1')
  const policy = { 'apply-to': 'all', priority: 0 }
  const everywhere = { name: 'everywhere', pattern: '.*', definition: { expires: 60_000 } }
  const short = { name: 'short', pattern: '^tmp', definition: { 'max-length': 3 } }
  expect((await api.get('/api/operator-policies')).json).toEqual(
    expect.arrayContaining([
      { vhost: '/', ...policy, ...everywhere },
      { vhost: 'dev1', ...policy, ...everywhere },
      { vhost: 'dev1', ...policy, ...short },
    ]),
  )
})

describe('the users of a new vhost', () => {
  test('are made, and may do there what is said', async () => {
    const { broker, api } = await start()
    await api.put('/api/vhosts/dev1')
    await api.put('/api/vhosts/qa')
    const url = broker.url.replace('guest:guest', 'watcher:secret')
    const connection = await amqplib.connect(`${url}/dev1`)
    onTestFinished(() => connection.close())
    expect((await api.get('/api/users/watcher')).json.tags).toEqual(['monitoring'])
    expect((await api.get('/api/permissions/dev1/watcher')).json).toMatchObject({
      configure: '.*',
      write: '^$',
      read: '.*',
    })
    expect((await api.get('/api/permissions/%2F/watcher')).status).toBe(200)
    expect((await api.get('/api/permissions/qa/watcher')).status).toBe(404)
    expect((await api.get('/api/users/certified')).json.password_hash).toBe('')
  })

  test('keep their password when they are there, and get the permissions', async () => {
    const { broker, api } = await start()
    broker.administration.addVhost('dev1')
    expect((await api.get('/api/whoami')).status).toBe(200)
    expect((await api.get('/api/permissions/dev1/guest')).json.configure).toBe('^g')
    await api.delete('/api/permissions/dev1/guest')
    await api.put('/api/vhosts/dev1', { description: 'changed' })
    expect((await api.get('/api/permissions/dev1/guest')).status).toBe(404)
  })
})

test('definitions that bring a vhost bring it with the defaults', async () => {
  const { api } = await start()
  await api.post('/api/definitions', { vhosts: [{ name: 'dev2' }] })
  expect((await api.get('/api/vhost-limits/dev2')).json).toHaveLength(1)
})

test('a restart brings nothing back that was taken away', async () => {
  const dataDir = await dataDirectory()
  const first = await startApi({ vhostDefaults: DEFAULTS, dataDir })
  await first.api.put('/api/vhosts/dev1')
  await first.api.delete('/api/vhost-limits/dev1/max-queues')
  await first.api.delete('/api/operator-policies/dev1/short')
  await first.broker.close()
  const { api } = await startApi({ vhostDefaults: DEFAULTS, dataDir })
  expect((await api.get('/api/vhost-limits/dev1')).json[0].value).toEqual({ 'max-connections': 2 })
  expect((await api.get('/api/operator-policies/dev1')).json).toHaveLength(1)
})

test.each<NonNullable<BrokerOptions['vhostDefaults']>>([
  { limits: [{ vhostPattern: '(' }] },
  { limits: [{ maxQueues: -1 }] },
  { operatorPolicies: [{ name: 'p', definition: { 'max-length': -1 } }] },
  { operatorPolicies: [{ name: 'p', definition: {} }] },
  { users: [{ name: 'u', read: '(' }] },
])('what cannot be keeps a broker from starting: %j', async (vhostDefaults) => {
  await expect(createBroker({ vhostDefaults })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})
