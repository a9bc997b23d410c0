import { expect, test } from 'vitest'
import type { Broker } from '../../src/index.ts'
import { ApiClient, startApi } from '../support/api-client.ts'

const EVERYTHING = { configure: '.*', write: '.*', read: '.*' }
const POLICY = { pattern: '^q$', definition: { 'max-length': 1 } }

/** A user with a tag; with all permissions for the vhost `/`, or none. */
function userWith(broker: Broker, tag: string, isPermitted: boolean): ApiClient {
  broker.administration.addUser(tag, tag, [tag])
  if (isPermitted) broker.administration.setPermissions(tag, '/', EVERYTHING)
  return new ApiClient(broker, tag)
}

function refused(reason: string): unknown[] {
  return [401, { error: 'not_authorised', reason }]
}

test('one policy is shown to policymakers only, an operator policy to administrators only', async () => {
  const { broker, api } = await startApi()
  await api.put('/api/policies/%2F/p', POLICY)
  await api.put('/api/operator-policies/%2F/p', POLICY)
  const clerk = userWith(broker, 'management', true)
  const policymaker = userWith(broker, 'policymaker', true)
  const policy = await clerk.get('/api/policies/%2F/p')
  expect([policy.status, policy.json]).toEqual(refused('User not authorised to access object'))
  expect((await policymaker.get('/api/policies/%2F/p')).status).toBe(200)
  const operatorPolicy = await policymaker.get('/api/operator-policies/%2F/p')
  expect([operatorPolicy.status, operatorPolicy.json]).toEqual(refused('Not administrator user'))
})

test('a policymaker without permissions for a vhost has no say in it, nor learns whether it is there', async () => {
  const { broker } = await startApi()
  const policymaker = userWith(broker, 'policymaker', false)
  for (const vhost of ['%2F', 'nope']) {
    for (const answer of [
      await policymaker.put(`/api/policies/${vhost}/p`, POLICY),
      await policymaker.delete(`/api/policies/${vhost}/p`),
      await policymaker.get(`/api/parameters/vhost-limits/${vhost}`),
      await policymaker.put(`/api/parameters/vhost-limits/${vhost}/limits`, { value: {} }),
    ]) {
      expect([answer.status, answer.json]).toEqual(refused('User not authorised to access object'))
    }
  }
})

test('an administrator without permissions for a vhost sees its queues, but is no client of it', async () => {
  const { broker, api } = await startApi()
  await api.put('/api/queues/%2F/q', { durable: true })
  const administrator = userWith(broker, 'administrator', false)
  const message = { properties: {}, routing_key: 'q', payload: 'm', payload_encoding: 'string' }
  const wish = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' }
  expect((await administrator.get('/api/queues/%2F/q')).status).toBe(200)
  for (const answer of [
    await administrator.post('/api/exchanges/%2F/amq.default/publish', message),
    await administrator.post('/api/queues/%2F/q/get', wish),
    await administrator.get('/api/queues/%2F/q/messages'),
    await administrator.get('/api/aliveness-test/%2F'),
    await administrator.delete('/api/queues/%2F/q'),
  ]) {
    expect([answer.status, answer.json]).toEqual(refused('Access refused.'))
  }
})

test('who may not read a queue is told so', async () => {
  const { broker, api } = await startApi()
  await api.put('/api/queues/%2F/q', { durable: true })
  const clerk = userWith(broker, 'management', true)
  broker.administration.setPermissions('management', '/', { ...EVERYTHING, read: '^$' })
  const wish = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' }
  const answer = await clerk.post('/api/queues/%2F/q/get', wish)
  const reason =
    "ACCESS_REFUSED - read access to queue 'q' in vhost '/' refused for user 'management'"
  expect([answer.status, answer.json]).toEqual(refused(reason))
})

test("others' connections are not told of by user either", async () => {
  const { broker } = await startApi()
  const clerk = userWith(broker, 'management', true)
  const monitor = userWith(broker, 'monitoring', true)
  const reason = refused('User not authorised to access object')
  for (const answer of [
    await clerk.get('/api/connections/username/guest'),
    await clerk.delete('/api/connections/username/guest'),
    await monitor.delete('/api/connections/username/guest'),
  ]) {
    expect([answer.status, answer.json]).toEqual(reason)
  }
  expect((await clerk.get('/api/connections/username/management')).status).toBe(200)
  expect((await monitor.get('/api/connections/username/guest')).status).toBe(200)
})

test('a monitor knows of all vhosts: their limits, and how much is in them', async () => {
  const { broker, api } = await startApi()
  await api.put('/api/vhost-limits/%2F/max-queues', { value: 7 })
  const monitor = userWith(broker, 'monitoring', false)
  const limits = [{ vhost: '/', value: { 'max-queues': 7 } }]
  expect((await monitor.get('/api/vhost-limits')).json).toEqual(limits)
  expect((await monitor.get('/api/vhost-limits/%2F')).json).toEqual(limits)
  const path = '/api/overview?columns=object_totals'
  expect((await monitor.get(path)).json).toEqual((await api.get(path)).json)
})

test('consumers in a vhost are told of like others: to their users and to monitors', async () => {
  const { broker } = await startApi()
  for (const user of [
    userWith(broker, 'management', false),
    userWith(broker, 'monitoring', false),
  ]) {
    const answer = await user.get('/api/consumers/%2F')
    expect([answer.status, answer.json]).toEqual([200, []])
    expect((await user.get('/api/consumers/nope')).status).toBe(404)
  }
})

test('actions on a queue are for administrators, and the default exchange is bound to nothing', async () => {
  const { broker, api } = await startApi()
  await api.put('/api/queues/%2F/q', { durable: true })
  const clerk = userWith(broker, 'management', true)
  const action = await clerk.post('/api/queues/%2F/q/actions', { action: 'sync' })
  expect([action.status, action.json]).toEqual(refused('Not administrator user'))
  const binding = await clerk.post('/api/bindings/%2F/e/amq.topic/e/amq.default', {})
  expect([binding.status, binding.json]).toEqual(refused('Access refused.'))
})

test('policies are not set by way of parameters', async () => {
  const { api } = await startApi()
  const answer = await api.put('/api/parameters/policy/%2F/p', { value: POLICY })
  const reason = 'policies may not be set using this method'
  expect([answer.status, answer.json]).toEqual([400, { error: 'bad_request', reason }])
  expect((await api.get('/api/policies/%2F/p')).status).toBe(404)
})
