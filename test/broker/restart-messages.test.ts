import type { ConfirmChannel, GetMessage } from 'amqplib'
import { describe, expect, test } from 'vitest'
import { RestartingBroker } from './restarting-broker.ts'

const PERSISTENT = { persistent: true }

describe('messages after a restart', () => {
  test('are there in their order when they are persistent, in durable queues', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    for (let i = 0; i < 500; i++) {
      before.sendToQueue('q', Buffer.from(`kept ${i}`), PERSISTENT)
      before.sendToQueue('q', Buffer.from(`transient ${i}`))
    }
    await before.waitForConfirms()
    await broker.restart()
    const found = await bodies(await broker.channel(), 'q')
    expect(found).toEqual(Array.from({ length: 500 }, (_, i) => `kept ${i}`))
  })

  test('are as they were published', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    const properties = {
      ...PERSISTENT,
      contentType: 'application/json',
      contentEncoding: 'identity',
      headers: { text: 'ü', number: 5, nested: { list: [1, 'two'] } },
      priority: 3,
      correlationId: 'c-1',
      replyTo: 'answers',
      messageId: 'm-1',
      timestamp: 1_700_000_000,
      type: 'order',
      userId: 'guest',
      appId: 'shop',
    }
    await before.bindQueue('q', 'amq.topic', 'a.#')
    const content = Buffer.from('{}')
    before.publish('amq.topic', 'a.b', content, properties)
    await before.waitForConfirms()
    const was = await one(before, 'q')
    before.nackAll()
    await broker.restart()
    const is = await one(await broker.channel(), 'q')
    expect(is.content).toEqual(content)
    expect(is.properties).toEqual(was.properties)
    expect(is.fields).toMatchObject({ exchange: 'amq.topic', routingKey: 'a.b' })
  })

  test.each([2 ** 47, 2 ** 48, 2 ** 63, Number.MAX_VALUE])(
    'are there where a policy gives them %d ms to wait',
    async (ttlMs) => {
      const broker = await RestartingBroker.start()
      const policy = { name: 'p', pattern: '', definition: { 'message-ttl': ttlMs } }
      broker.administration.setPolicy('/', policy)
      const before = await broker.channel()
      await before.assertQueue('q')
      before.sendToQueue('q', Buffer.from('m'), PERSISTENT)
      await before.waitForConfirms()
      await broker.restart()
      expect(await bodies(await broker.channel(), 'q')).toEqual(['m'])
    },
  )

  test('are there in full when they are large', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    const content = Buffer.alloc(3_000_000, 'large')
    before.sendToQueue('q', content, PERSISTENT)
    await before.waitForConfirms()
    await broker.restart()
    const { content: found } = await one(await broker.channel(), 'q')
    expect(found.equals(content)).toBe(true)
  })

  test('are redelivered when they had been handed out, and gone when acknowledged', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    for (const body of ['acknowledged', 'handed out', 'waiting']) {
      before.sendToQueue('q', Buffer.from(body), PERSISTENT)
    }
    await before.waitForConfirms()
    before.ack(await one(before, 'q'))
    await one(before, 'q')
    await broker.restart()
    const channel = await broker.channel()
    const found = [await one(channel, 'q'), await one(channel, 'q')]
    expect(found.map(({ content, fields }) => [content.toString(), fields.redelivered])).toEqual([
      ['handed out', true],
      ['waiting', false],
    ])
    expect(await channel.get('q')).toBe(false)
  })

  test('come by priority', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q', { maxPriority: 5 })
    for (const priority of [1, 5, 3, 5, 0]) {
      before.sendToQueue('q', Buffer.from(`of ${priority}`), { ...PERSISTENT, priority })
    }
    await before.waitForConfirms()
    await broker.restart()
    const found = await bodies(await broker.channel(), 'q')
    expect(found).toEqual(['of 5', 'of 5', 'of 3', 'of 1', 'of 0'])
  })

  test('tell of all their deaths, those before the restart too', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('graves')
    await before.assertQueue('second', { deadLetterExchange: '', deadLetterRoutingKey: 'graves' })
    await before.assertQueue('first', { deadLetterExchange: '', deadLetterRoutingKey: 'second' })
    before.sendToQueue('first', Buffer.from('m'), PERSISTENT)
    await before.waitForConfirms()
    before.nack(await one(before, 'first'), false, false)
    await before.checkQueue('second')
    await broker.restart()
    const channel = await broker.channel()
    channel.nack(await one(channel, 'second'), false, false)
    await channel.checkQueue('graves')
    await broker.restart()
    const { properties } = await one(await broker.channel(), 'graves')
    const deaths = properties.headers?.['x-death'] ?? []
    expect(deaths.map(({ queue, reason }) => [queue, reason])).toEqual([
      ['second', 'rejected'],
      ['first', 'rejected'],
    ])
  })

  test('that waited longer than their time to live are gone, and dead-lettered', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('expired')
    const dead = { deadLetterExchange: '', deadLetterRoutingKey: 'expired' }
    await before.assertQueue('q', { ...dead, messageTtl: 50 })
    before.sendToQueue('q', Buffer.from('m'), PERSISTENT)
    await before.waitForConfirms()
    await broker.restart()
    const channel = await broker.channel()
    const arrived = new Promise<string>((resolve) => {
      void channel.consume('expired', (message) => resolve(message?.content.toString() ?? ''))
    })
    expect(await arrived).toBe('m')
    expect(await channel.checkQueue('q')).toMatchObject({ messageCount: 0 })
  })

  test('come when they are due, once they had been delayed', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    const type = { arguments: { 'x-delayed-type': 'direct' } }
    await before.assertExchange('later', 'x-delayed-message', type)
    await before.assertQueue('q')
    await before.bindQueue('q', 'later', 'k')
    before.publish('later', 'k', Buffer.from('m'), { ...PERSISTENT, headers: { 'x-delay': 300 } })
    await before.waitForConfirms()
    await broker.restart()
    const channel = await broker.channel()
    const arrived = new Promise<string>((resolve) => {
      void channel.consume('q', (message) => resolve(message?.content.toString() ?? ''))
    })
    expect(await arrived).toBe('m')
  })

  test('are in every queue that took them', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    const names = Array.from({ length: 20 }, (_, i) => `q${i}`)
    for (const name of names) {
      await before.assertQueue(name)
      await before.bindQueue(name, 'amq.fanout', '')
    }
    before.publish('amq.fanout', '', Buffer.from('m'), PERSISTENT)
    await before.waitForConfirms()
    before.ack(await one(before, 'q7'))
    await before.checkQueue('q7') // by then the broker has read what came before
    await broker.restart()
    const channel = await broker.channel()
    for (const name of names) {
      expect(await bodies(channel, name)).toEqual(name === 'q7' ? [] : ['m'])
    }
  })

  test('of a queue that was purged, or deleted and declared anew, are not there', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    for (const name of ['purged', 'anew']) {
      await before.assertQueue(name)
      before.sendToQueue(name, Buffer.from('old'), PERSISTENT)
    }
    await before.waitForConfirms()
    await before.purgeQueue('purged')
    await before.deleteQueue('anew')
    await before.assertQueue('anew')
    for (const name of ['purged', 'anew']) before.sendToQueue(name, Buffer.from('new'), PERSISTENT)
    await before.waitForConfirms()
    await broker.restart()
    const channel = await broker.channel()
    for (const name of ['purged', 'anew']) expect(await bodies(channel, name)).toEqual(['new'])
  })

  test('are there once, however often the broker is restarted', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q', { arguments: { 'x-queue-type': 'quorum' } })
    for (let i = 0; i < 5; i++) {
      const channel = await broker.channel()
      channel.sendToQueue('q', Buffer.from(`${i}`))
      await channel.waitForConfirms()
      await broker.restart()
    }
    expect(await bodies(await broker.channel(), 'q')).toEqual(['0', '1', '2', '3', '4'])
  })
})

async function one(channel: ConfirmChannel, queue: string): Promise<GetMessage> {
  const message = await channel.get(queue)
  if (message === false) throw new Error(`there is no message in ${queue}`)
  return message
}

/** Takes everything out of a queue. */
async function bodies(channel: ConfirmChannel, queue: string): Promise<readonly string[]> {
  const found: string[] = []
  for (;;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) return found
    found.push(message.content.toString())
  }
}
