import { describe, expect, test } from 'vitest'
import { ApiClient, startApi } from '../support/api-client.ts'

describe('without a login', () => {
  test('a client is asked for one, and told nothing', async () => {
    const { api } = await startApi()
    const answer = await api.as(null).get('/api/overview')
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Basic realm="RabbitMQ Management"')
    expect(answer.text).toBe('')
  })

  test('the version is told, and what does not exist', async () => {
    const { api } = await startApi()
    expect((await api.as(null).get('/api/version')).json).toMatch(/^\d+\.\d+\.\d+$/)
    const missing = await api.as(null).get('/api/nosuch')
    expect([missing.status, missing.json]).toEqual([
      404,
      { error: 'Object Not Found', reason: 'Not Found' },
    ])
  })

  test('the methods of a path are told', async () => {
    const { api } = await startApi()
    const answer = await api.as(null).send('OPTIONS', '/api/queues/%2F/q')
    expect([answer.status, answer.headers.allow]).toEqual([200, 'HEAD, GET, PUT, DELETE, OPTIONS'])
  })
})

describe('a login', () => {
  test.each([
    ['Basic !!!', 400],
    ['Basic Z3Vlc3Q=', 400],
    ['Bearer abc', 401],
    ['Basic Z3Vlc3Q6YmFk', 401],
  ])('of %s is refused with %i', async (authorization, status) => {
    const { api } = await startApi()
    const answer = await api.as(null).get('/api/overview', { authorization })
    expect(answer.status).toBe(status)
    const reason = { error: 'not_authorized', reason: 'Not_Authorized' }
    expect(answer.json).toEqual(status === 401 ? reason : null)
  })

  test('of a user without a tag is of no use', async () => {
    const { broker } = await startApi()
    broker.administration.addUser('nobody', 'nobody')
    const answer = await new ApiClient(broker, 'nobody').get('/api/whoami')
    expect([answer.status, answer.json]).toEqual([
      401,
      { error: 'not_authorised', reason: 'Not management user' },
    ])
  })
})

test('a method that a path does not have is refused before the login', async () => {
  const { api } = await startApi()
  const answer = await api.as(null).send('PATCH', '/api/overview')
  expect([answer.status, answer.headers.allow]).toEqual([405, 'HEAD, GET, OPTIONS'])
})

test('nothing but JSON is to be had', async () => {
  const { api } = await startApi()
  expect((await api.get('/api/overview', { accept: 'text/html' })).status).toBe(406)
  expect((await api.get('/api/overview', { accept: '*/*' })).status).toBe(200)
})
