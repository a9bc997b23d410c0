import { request } from 'node:http'
import { connect } from 'node:net'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { LOGIN_DELAY_MS } from '../../src/auth/login-delays.ts'
import type { BrokerOptions } from '../../src/index.ts'
import { managedBroker } from '../../src/management-host.ts'
import { LogLines } from '../broker/log-lines.ts'
import { ApiClient, startApi } from '../support/api-client.ts'
import { TestBroker } from '../support/test-broker.ts'

const WRONG = { authorization: `Basic ${Buffer.from('guest:wrong').toString('base64')}` }

describe('logins are counted', () => {
  /** By protocol: tried, failed, succeeded. The question itself is one over HTTP. */
  async function counted(api: ApiClient) {
    const path = `/api/auth/attempts/${(await api.get('/api/overview')).json.node}`
    return Object.fromEntries(
      (await api.get(path)).json.map((one: Record<string, number>) => [
        one.protocol,
        [one.auth_attempts, one.auth_attempts_failed, one.auth_attempts_succeeded],
      ]),
    )
  }

  test('whether they come over AMQP or HTTP', async () => {
    const { broker, api } = await startApi({ amqp: { host: '127.0.0.1' } })
    expect(await counted(api)).toEqual({ http: [2, 0, 2] })
    const connection = await amqplib.connect(broker.url)
    onTestFinished(() => connection.close())
    await expect(amqplib.connect(broker.url.replace(':guest@', ':wrong@'))).rejects.toThrow()
    expect(await counted(api)).toEqual({ http: [4, 0, 4], amqp091: [2, 1, 1] })
    const { node } = (await api.get('/api/overview')).json
    await api.delete(`/api/auth/attempts/${node}`)
    expect(await counted(api)).toEqual({ http: [2, 0, 2] })
  })

  test('as failures when the user may not ask for what it asks for', async () => {
    const { broker, api } = await startApi()
    broker.administration.addUser('alice', 'alice', ['management'])
    broker.administration.addUser('bob', 'bob')
    await new ApiClient(broker, 'alice').get('/api/users') // not administrator
    await new ApiClient(broker, 'alice').get('/api/nodes') // not monitor
    await new ApiClient(broker, 'bob').get('/api/whoami') // no tag
    await api.as(null).get('/api/whoami', WRONG)
    await api.as(null).get('/api/whoami') // no login
    await api.as(null).get('/metrics', WRONG)
    await api.as(null).send('POST', '/api/login', 'username=guest&password=wrong')
    expect(await counted(api)).toEqual({ http: [8, 6, 2] })
  })

  test('by address and user, once somebody wants that', async () => {
    const { broker, api } = await startApi({ amqp: { host: '127.0.0.1' } })
    const { node } = (await api.get('/api/overview')).json
    const path = `/api/auth/attempts/${node}/source`
    expect((await api.get(path)).json).toEqual([])
    await api.put('/api/control/settings', { tracks_login_sources: true })
    await expect(amqplib.connect(broker.url.replace(':guest@', ':wrong@'))).rejects.toThrow()
    const numbers = (tried: number, failed: number) => ({
      auth_attempts: tried,
      auth_attempts_failed: failed,
      auth_attempts_succeeded: tried - failed,
    })
    const guest = { remote_address: '127.0.0.1', username: 'guest' }
    expect((await api.get(path)).json).toEqual([
      { ...guest, protocol: 'amqp091', ...numbers(1, 1) },
      { ...guest, protocol: 'http', ...numbers(1, 0) },
    ])
    const { text } = await api.get('/metrics/detailed?family=auth_attempt_detailed_metrics')
    expect(text).toContain(
      'rabbitmq_detailed_auth_attempts_detailed_failed_total{remote_address="127.0.0.1",' +
        'username="guest",protocol="amqp091"} 1',
    )
    await api.put('/api/control/settings', { tracks_login_sources: false })
    await api.delete(path)
    expect((await api.get(path)).json).toEqual([])
  })
})

test('the node tells which ways to log in there are', async () => {
  const mechanisms = async (options: BrokerOptions) => {
    const { api } = await startApi(options)
    const [{ auth_mechanisms: all }] = (await api.get('/api/nodes')).json
    return all.map((one: { name: string; enabled: boolean }) => [one.name, one.enabled])
  }
  expect(await mechanisms({})).toEqual([
    ['ANONYMOUS', false],
    ['PLAIN', true],
    ['AMQPLAIN', true],
    ['EXTERNAL', true],
  ])
  expect(await mechanisms({ authMechanisms: ['PLAIN', 'ANONYMOUS'] })).toEqual([
    ['ANONYMOUS', true],
    ['PLAIN', true],
    ['AMQPLAIN', false],
    ['EXTERNAL', false],
  ])
})

test('failures over HTTP are logged in RabbitMQ’s words', async () => {
  const log = new LogLines()
  const { broker, api } = await startApi({ logger: log })
  broker.administration.addUser('alice', 'alice', ['management'])
  await api.as(null).get('/api/whoami')
  await api.as(null).get('/api/whoami', WRONG)
  await new ApiClient(broker, 'alice').get('/api/users')
  expect(log.lines.filter((line) => line.includes('denied'))).toEqual([
    'warn HTTP access denied: no credentials',
    "warn HTTP access denied: user 'guest' - invalid credentials",
    "warn HTTP access denied: user 'alice' - Not administrator user",
  ])
})

describe('who fails to log in over HTTP', () => {
  /** What becomes of failures, in their order: answered, or hung up on; null as long as they are kept waiting. */
  function failing(broker: TestBroker) {
    const { services } = broker
    const managed = managedBroker(services, new Administration(services), '.', () => [])
    const outcomes: (string | null)[] = []
    const fail = (user = 'guest', address = 'a') => {
      const at = outcomes.push(null) - 1
      void managed.refuseLogin(address, user).then((outcome) => {
        outcomes[at] = outcome
      })
    }
    const count = async (outcome: string | null) => {
      await new Promise((resolve) => setImmediate(resolve))
      return outcomes.filter((one) => one === outcome).length
    }
    return { fail, count }
  }

  test('is answered at first, then late, and hung up on when too many wait', async () => {
    const broker = new TestBroker()
    const { fail, count } = failing(broker)
    for (let i = 0; i < 200; i++) fail()
    expect(await count('told')).toBe(10)
    expect(await count('cut')).toBe(0)
    fail()
    expect(await count('cut')).toBe(1)
    broker.advance(LOGIN_DELAY_MS)
    expect(await count('told')).toBe(200)
    fail()
    expect(await count('cut')).toBe(1)
  })

  test('gets no more tries with many names', async () => {
    const { fail, count } = failing(new TestBroker())
    for (let i = 0; i < 500; i++) fail(`user${i}`)
    expect(await count('told')).toBe(200)
    expect(await count('cut')).toBe(300)
    fail('guest', 'b')
    expect(await count('told')).toBe(201)
  })

  test('waits for the eleventh answer, while a right login is let in', async () => {
    const { api } = await startApi()
    for (let i = 0; i < 10; i++) await api.as(null).get('/api/whoami', WRONG)
    let isAnswered = false
    const late = api
      .as(null)
      .get('/api/whoami', WRONG)
      .then((answer) => {
        isAnswered = true
        return answer
      })
    expect((await api.get('/api/whoami')).status).toBe(200)
    expect(isAnswered).toBe(false)
    expect((await late).status).toBe(401)
  })

  test('in a storm keeps nobody else out, neither over HTTP nor over AMQP', async () => {
    const { broker, api } = await startApi({ amqp: { host: '127.0.0.1' } })
    const { port = 0 } = broker.management ?? {}
    let failures = 0
    let isOver = false
    const attackers = Array.from({ length: 300 }, async (_, at) => {
      while (!isOver) {
        await attempt(port, `u${at}`)
        failures++
      }
    })
    const polite = await amqplib.connect(broker.url)
    const channel = await polite.createConfirmChannel()
    await channel.assertQueue('work')
    for (let round = 0; round < 50 || failures < 1000; round++) {
      channel.sendToQueue('work', Buffer.from(`${round}`))
      await channel.waitForConfirms()
      const message = await channel.get('work', { noAck: true })
      expect(message === false ? null : `${message.content}`).toBe(`${round}`)
      if (round % 10 === 0) expect((await api.get('/api/whoami')).status).toBe(200)
    }
    isOver = true
    await polite.close()
    await broker.close()
    await Promise.all(attackers)
  })

  /** One wrong login, until it is answered or hung up on. */
  function attempt(port: number, user: string): Promise<void> {
    const authorization = `Basic ${Buffer.from(`${user}:wrong`).toString('base64')}`
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, path: '/api/whoami', agent: false }
      const sent = request({ ...options, headers: { authorization } }, (response) => {
        response.resume()
      })
      sent.on('error', () => {})
      sent.on('close', resolve)
      sent.end()
    })
  }
})

test('what somebody sends who has no login is not read', async () => {
  const { broker, api } = await startApi()
  const socket = connect(broker.management?.port ?? 0, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  const head = 'PUT /api/vhosts/v HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n'
  const answer = await new Promise((resolve) => {
    socket.once('data', (chunk) => resolve(String(chunk).slice(0, 12)))
    socket.write(head) // and nothing of the body
  })
  expect(answer).toBe('HTTP/1.1 401')
  expect((await api.put('/api/vhosts/v')).status).toBe(201)
})
