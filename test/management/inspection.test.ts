import { connect } from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Broker } from '../../src/index.ts'
import { ApiClient, startApi } from '../support/api-client.ts'

const QUEUE = '/api/queues/%2F'

async function putQueue(api: ApiClient, name: string, args: object = {}): Promise<void> {
  const answer = await api.put(`${QUEUE}/${name}`, { durable: true, arguments: args })
  expect(answer.status).toBe(201)
}

async function publish(broker: Broker, queue: string, bodies: readonly string[]): Promise<void> {
  const connection = await connect(broker.url)
  onTestFinished(() => connection.close().catch(() => {}))
  const channel = await connection.createConfirmChannel()
  for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
  await channel.waitForConfirms()
  await connection.close()
}

async function payloads(api: ApiClient, queue: string, query = 'count=500'): Promise<string[]> {
  const { json } = await api.get(`${QUEUE}/${queue}/messages?${query}`)
  return json.map(({ payload }: { payload: string }) => payload)
}

describe('messages that are looked at', () => {
  test('stay as they are, and are shown from any place', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'q')
    await publish(broker, 'q', ['one', 'two', 'three', 'four'])
    expect(await payloads(api, 'q', 'count=2&offset=1')).toEqual(['two', 'three'])
    const { json } = await api.get(`${QUEUE}/q/messages`)
    expect(json[0]).toMatchObject({ payload: 'one', redelivered: false, message_count: 3 })
    const get = { count: 9, ackmode: 'ack_requeue_false', encoding: 'auto' }
    const taken = await api.post(`${QUEUE}/q/get`, get)
    expect(
      taken.json.map((message: Record<string, unknown>) => [message.payload, message.redelivered]),
    ).toEqual(['one', 'two', 'three', 'four'].map((body) => [body, false]))
  })

  test('have their payload cut, and their whole size told', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'q')
    await publish(broker, 'q', ['a long story'])
    const { json } = await api.get(`${QUEUE}/q/messages?truncate=6`)
    expect(json[0]).toMatchObject({ payload: 'a long', payload_bytes: 12 })
  })

  test.each(['count=501', 'offset=100001', 'count=-1', 'count=x'])(
    'are refused with %s',
    async (query) => {
      const { api } = await startApi()
      await putQueue(api, 'q')
      expect((await api.get(`${QUEUE}/q/messages?${query}`)).status).toBe(400)
    },
  )

  test('are not shown to who may not read the queue', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'q')
    broker.administration.addUser('writer', 'writer', ['management'])
    const all = { configure: '.*', write: '.*' }
    broker.administration.setPermissions('writer', '/', { ...all, read: '' })
    const writer = new ApiClient(broker, 'writer')
    const reason =
      "ACCESS_REFUSED - read access to queue 'q' in vhost '/' refused for user 'writer'"
    for (const answer of [
      await writer.get(`${QUEUE}/q/messages`),
      await writer.post(`${QUEUE}/q/replay`, { to: 'queue' }),
    ]) {
      expect([answer.status, answer.json]).toEqual([401, { error: 'not_authorised', reason }])
    }
    expect((await api.get(`${QUEUE}/missing/messages`)).status).toBe(404)
  })
})

describe('messages that are moved', () => {
  test('go to the end of the other queue in their order, as many as are wanted', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'from')
    await putQueue(api, 'to')
    await publish(broker, 'to', ['zero'])
    const bodies = Array.from({ length: 450 }, (_, i) => `message ${i}`)
    await publish(broker, 'from', bodies)
    const some = await api.post(`${QUEUE}/from/move`, { destination: 'to', count: 3 })
    expect([some.status, some.json]).toEqual([200, { count: 3, stopped: null }])
    const rest = await api.post(`${QUEUE}/from/move`, { destination: 'to' })
    expect(rest.json).toEqual({ count: 447, stopped: null })
    expect(await payloads(api, 'to')).toEqual(['zero', ...bodies])
    expect(await payloads(api, 'from')).toEqual([])
  })

  test('stay where they are when the other queue is full', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'from')
    await putQueue(api, 'to', { 'x-max-length': 2, 'x-overflow': 'reject-publish' })
    await publish(broker, 'from', ['one', 'two', 'three', 'four'])
    const answer = await api.post(`${QUEUE}/from/move`, { destination: 'to' })
    expect(answer.json).toMatchObject({ count: 2, stopped: expect.stringContaining('full') })
    expect(await payloads(api, 'from')).toEqual(['three', 'four'])
  })

  test('need another queue that is there', async () => {
    const { api } = await startApi()
    await putQueue(api, 'q')
    for (const destination of ['missing', 'q']) {
      expect((await api.post(`${QUEUE}/q/move`, { destination })).status).toBe(400)
    }
    expect((await api.post(`${QUEUE}/q/move`)).status).toBe(400)
  })
})

describe('dead letters', () => {
  /** A queue whose rejected messages go to `dead`, with two of them rejected. */
  async function withDeadLetters(): Promise<{ broker: Broker; api: ApiClient }> {
    const { broker, api } = await startApi()
    await putQueue(api, 'dead')
    await putQueue(api, 'work', {
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
    })
    const connection = await connect(broker.url)
    const channel = await connection.createConfirmChannel()
    await channel.assertExchange('orders', 'topic')
    await channel.bindQueue('work', 'orders', 'order.#')
    for (const body of ['one', 'two']) {
      channel.publish('orders', 'order.paid', Buffer.from(body), { headers: { shop: 7 } })
    }
    await channel.waitForConfirms()
    for (let i = 0; i < 2; i++) {
      const message = await channel.get('work')
      if (message !== false) channel.reject(message, false)
    }
    await channel.close()
    await connection.close()
    expect(await payloads(api, 'dead')).toEqual(['one', 'two'])
    return { broker, api }
  }

  test.each(['queue', 'exchange'])('go back to the %s they came from, as new', async (to) => {
    const { api } = await withDeadLetters()
    const one = await api.post(`${QUEUE}/dead/replay`, { to, count: 1 })
    expect(one.json).toEqual({ count: 1, stopped: null })
    expect(await payloads(api, 'dead')).toEqual(['two'])
    const { json } = await api.get(`${QUEUE}/work/messages`)
    expect(json).toEqual([
      expect.objectContaining({
        payload: 'one',
        exchange: 'orders',
        routing_key: 'order.paid',
        redelivered: false,
        properties: expect.objectContaining({ headers: { shop: 7 } }),
      }),
    ])
  })

  test('stay untouched when the place they came from is gone', async () => {
    const { api } = await withDeadLetters()
    await api.delete(`${QUEUE}/work`)
    for (const to of ['queue', 'exchange']) {
      const { json } = await api.post(`${QUEUE}/dead/replay`, { to })
      expect(json).toEqual({ count: 0, stopped: expect.any(String) })
    }
    const { json } = await api.get(`${QUEUE}/dead/messages`)
    expect(json.map((message: Record<string, unknown>) => message.redelivered)).toEqual([
      false,
      false,
    ])
  })

  test('are told from other messages', async () => {
    const { broker, api } = await startApi()
    await putQueue(api, 'q')
    await publish(broker, 'q', ['alive'])
    const { json } = await api.post(`${QUEUE}/q/replay`, { to: 'queue' })
    expect(json).toEqual({ count: 0, stopped: 'the headers of the message tell of no death' })
    expect((await api.post(`${QUEUE}/q/replay`, { to: 'nowhere' })).status).toBe(400)
  })
})

test('what RabbitMQ does not have is in the document of the API', async () => {
  const { api } = await startApi()
  const { json } = await api.get('/api/openapi.json')
  const paths = Object.keys(json.paths).join(' ')
  for (const path of ['messages', 'move', 'replay', 'trial']) expect(paths).toContain(`/${path}`)
})
