import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { LogLines } from './log-lines.ts'
import { RestartingBroker } from './restarting-broker.ts'

/** How amqplib tells that a vhost is not there, or not for this user. */
const NO_SUCH_VHOST = 'Expected ConnectionOpenOk; got <ConnectionClose'

const ALL = { configure: '.*', write: '.*', read: '.*' }

describe('after a restart', () => {
  test('a durable queue has the arguments that it was declared with', async () => {
    const broker = await RestartingBroker.start()
    const args = { 'x-max-length': 5, 'x-dead-letter-exchange': 'dead', 'x-message-ttl': 60_000 }
    await (await broker.channel()).assertQueue('q', { arguments: args })
    await broker.restart()
    await (await broker.channel()).assertQueue('q', { arguments: args })
    expect(await broker.refusal((channel) => channel.assertQueue('q', { maxLength: 6 }))).toContain(
      "inequivalent arg 'x-message-ttl'",
    )
  })

  test('a quorum queue is one still', async () => {
    const broker = await RestartingBroker.start()
    const options = { arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1 } }
    await (await broker.channel()).assertQueue('q', options)
    await broker.restart()
    const channel = await broker.channel()
    await channel.assertQueue('q', options)
    channel.sendToQueue('q', Buffer.from('poison'))
    for (let deliveries = 0; deliveries < 2; deliveries++) {
      const message = await channel.get('q')
      if (message === false) throw new Error('the message is gone')
      channel.nack(message)
    }
    expect(await channel.get('q')).toBe(false)
  })

  test('durable exchanges of every type route as they did', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    for (const type of ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash']) {
      await before.assertExchange(type, type)
      await before.bindQueue('q', type, type === 'topic' ? '*.1' : '1', { kind: type })
    }
    await broker.restart()
    const channel = await broker.channel()
    for (const type of ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash']) {
      const key = type === 'topic' ? 'a.1' : '1'
      channel.publish(type, key, Buffer.from(type), { headers: { kind: type } })
      channel.publish(type, 'elsewhere', Buffer.from('stray'), { headers: { kind: 'other' } })
    }
    await channel.waitForConfirms()
    const bodies: string[] = []
    for (;;) {
      const message = await channel.get('q', { noAck: true })
      if (message === false) break
      bodies.push(message.content.toString())
    }
    const all = ['fanout', 'x-consistent-hash'].flatMap((type) => [type, 'stray'])
    expect(bodies.sort()).toEqual([...all, 'direct', 'topic', 'headers'].sort())
  })

  test('an exchange is internal still, and has its alternate', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('unrouted')
    await before.assertExchange('inner', 'fanout', { internal: true })
    await before.assertExchange('outer', 'direct', { alternateExchange: 'inner' })
    await before.bindQueue('unrouted', 'inner', '')
    await broker.restart()
    const channel = await broker.channel()
    channel.publish('outer', 'nowhere', Buffer.from('m'))
    await channel.waitForConfirms()
    expect(await channel.checkQueue('unrouted')).toMatchObject({ messageCount: 1 })
    expect(
      await broker.refusal(async (client) => client.publish('inner', '', Buffer.from('m'))),
    ).toContain("cannot publish to internal exchange 'inner'")
  })

  test('exchanges are bound to exchanges, and what was unbound stays so', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('q')
    for (const name of ['from', 'to']) await before.assertExchange(name, 'direct')
    await before.bindExchange('to', 'from', 'a')
    for (const key of ['a', 'b', 'c']) await before.bindQueue('q', 'to', key)
    await before.unbindQueue('q', 'to', 'b')
    await broker.restart()
    const channel = await broker.channel()
    for (const key of ['a', 'b', 'c']) channel.publish('to', key, Buffer.from(key))
    channel.publish('from', 'a', Buffer.from('through'))
    channel.publish('from', 'c', Buffer.from('not bound'))
    await channel.waitForConfirms()
    expect(await channel.checkQueue('q')).toMatchObject({ messageCount: 3 })
  })

  test('queues and exchanges that were deleted stay deleted, with their bindings', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertExchange('x', 'fanout')
    await before.assertQueue('q')
    await before.bindQueue('q', 'x', '')
    await before.deleteQueue('q')
    await before.assertQueue('q')
    await before.assertExchange('gone', 'fanout')
    await before.bindQueue('q', 'gone', '')
    await before.deleteExchange('gone')
    await broker.restart()
    const channel = await broker.channel()
    channel.publish('x', '', Buffer.from('m'))
    await channel.waitForConfirms()
    expect(await channel.checkQueue('q')).toMatchObject({ messageCount: 0 })
    expect(await broker.refusal((client) => client.checkExchange('gone'))).toContain('NOT_FOUND')
  })

  test('what is not durable is gone, and bindings with it', async () => {
    const broker = await RestartingBroker.start()
    const before = await broker.channel()
    await before.assertQueue('transient', { durable: false })
    await before.assertQueue('exclusive', { exclusive: true })
    await before.assertExchange('passing', 'fanout', { durable: false })
    await before.assertQueue('q')
    await before.bindQueue('q', 'passing', '')
    await before.bindQueue('transient', 'amq.fanout', '')
    await broker.restart()
    for (const name of ['transient', 'exclusive']) {
      expect(await broker.refusal((client) => client.checkQueue(name))).toContain(
        `NOT_FOUND - no queue '${name}' in vhost '/'`,
      )
    }
    expect(await broker.refusal((client) => client.checkExchange('passing'))).toContain('NOT_FOUND')
    const channel = await broker.channel()
    await channel.assertQueue('transient', { durable: false })
    await channel.assertExchange('passing', 'fanout', { durable: false })
    channel.publish('passing', '', Buffer.from('m'))
    channel.publish('amq.fanout', '', Buffer.from('m'))
    await channel.waitForConfirms()
    expect(await channel.checkQueue('q')).toMatchObject({ messageCount: 0 })
    expect(await channel.checkQueue('transient')).toMatchObject({ messageCount: 0 })
  })

  test('an auto-delete queue waits for a consumer to come and go', async () => {
    const broker = await RestartingBroker.start()
    await (await broker.channel()).assertQueue('q', { autoDelete: true })
    await broker.restart()
    const channel = await broker.channel()
    const { consumerTag } = await channel.consume('q', () => {})
    await channel.cancel(consumerTag)
    expect(await broker.refusal((client) => client.checkQueue('q'))).toContain('NOT_FOUND')
    await broker.restart()
    expect(await broker.refusal((client) => client.checkQueue('q'))).toContain('NOT_FOUND')
  })

  test('a queue that expires unused does so', async () => {
    const broker = await RestartingBroker.start()
    await (await broker.channel()).assertQueue('q', { expires: 100 })
    await broker.restart()
    const channel = await broker.channel()
    let isThere = true
    channel.on('return', () => {
      isThere = false
    })
    while (isThere) {
      channel.sendToQueue('q', Buffer.from('m'), { mandatory: true })
      await channel.waitForConfirms()
    }
    expect(await broker.refusal((client) => client.checkQueue('q'))).toContain('NOT_FOUND')
  })
})

describe('what operators have set is there after a restart:', () => {
  test('vhosts, users with their passwords, and permissions', async () => {
    const broker = await RestartingBroker.start()
    const { administration } = broker
    administration.addVhost('shop')
    administration.addUser('clerk', 'secret')
    administration.setPermissions('clerk', 'shop', { ...ALL, configure: '^till' })
    await (await broker.channel({ vhost: 'shop', user: 'clerk', password: 'secret' })).assertQueue(
      'till-1',
    )
    await broker.restart()
    const login = { vhost: 'shop', user: 'clerk', password: 'secret' }
    await (await broker.channel(login)).checkQueue('till-1')
    expect(await broker.refusal((channel) => channel.assertQueue('safe'), login)).toContain(
      "ACCESS_REFUSED - configure access to queue 'safe' in vhost 'shop' refused for user 'clerk'",
    )
    await expect(broker.connect({ ...login, password: 'clerk' })).rejects.toThrow('ACCESS_REFUSED')
    await expect(broker.connect({ vhost: 'shop' })).rejects.toThrow(NO_SUCH_VHOST)
  })

  test('topic permissions', async () => {
    const broker = await RestartingBroker.start()
    const own = { write: '^{username}\\.', read: '.*' }
    broker.administration.setTopicPermissions('guest', '/', 'amq.topic', own)
    broker.administration.setTopicPermissions('guest', '/', 'amq.direct', own)
    broker.administration.clearTopicPermissions('guest', '/', 'amq.direct')
    await broker.restart()
    const channel = await broker.channel()
    channel.publish('amq.topic', 'guest.a', Buffer.from('m'))
    await channel.waitForConfirms()
    expect(
      await broker.refusal(async (client) => client.publish('amq.topic', 'a', Buffer.from('m'))),
    ).toContain("write access to topic 'a' in exchange 'amq.topic' in vhost '/' refused")
  })

  test('limits of vhosts and users', async () => {
    const broker = await RestartingBroker.start()
    broker.administration.setVhostLimits('/', { maxQueues: 1 })
    broker.administration.setVhostLimits('/', { maxConnections: 50 })
    broker.administration.setUserLimits('guest', { maxChannels: 1 })
    await broker.restart()
    const connection = await broker.connect()
    await (await connection.createChannel()).assertQueue('first')
    const failed = once(connection, 'error')
    await expect(connection.createChannel()).rejects.toThrow()
    const [error] = await failed
    expect(error.message).toContain("number of channels opened for user 'guest'")
    expect(await broker.refusal((channel) => channel.assertQueue('second'))).toContain(
      "queue limit in vhost '/' (1) is reached",
    )
  })

  test('policies, also on queues declared later', async () => {
    const broker = await RestartingBroker.start()
    const short = { name: 'short', pattern: '^s', definition: { 'max-length': 2 } }
    broker.administration.setPolicy('/', short)
    broker.administration.setPolicy('/', { ...short, name: 'gone', pattern: '^t', priority: 9 })
    broker.administration.deletePolicy('/', 'gone')
    broker.administration.setOperatorPolicy('/', { ...short, pattern: '^o' })
    await (await broker.channel()).assertQueue('s1')
    await broker.restart()
    const channel = await broker.channel()
    for (const [queue, count] of Object.entries({ s1: 2, s2: 2, o1: 2, t1: 3 })) {
      await channel.assertQueue(queue)
      for (const body of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(body))
      await channel.waitForConfirms()
      expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: count })
    }
  })

  test('that a user, a vhost and permissions are gone', async () => {
    const broker = await RestartingBroker.start()
    const { administration } = broker
    for (const name of ['a', 'b']) {
      administration.addVhost(name)
      administration.addUser(name, name)
      administration.setPermissions('guest', name, ALL)
    }
    await (await broker.channel({ vhost: 'a' })).assertQueue('q')
    administration.deleteVhost('a')
    administration.deleteUser('a')
    administration.clearPermissions('guest', 'b')
    await broker.restart()
    await expect(broker.connect({ vhost: 'a' })).rejects.toThrow(NO_SUCH_VHOST)
    await expect(broker.connect({ vhost: 'b' })).rejects.toThrow(NO_SUCH_VHOST)
    await expect(broker.connect({ user: 'a' })).rejects.toThrow('ACCESS_REFUSED')
  })

  test('that guest has another password, or is gone', async () => {
    const broker = await RestartingBroker.start()
    broker.administration.addUser('guest', 'changed')
    await broker.restart()
    await expect(broker.connect()).rejects.toThrow('ACCESS_REFUSED')
    await (await broker.connect({ password: 'changed' })).close()
    broker.administration.deleteUser('guest')
    await broker.restart()
    await expect(broker.connect({ password: 'changed' })).rejects.toThrow('ACCESS_REFUSED')
  })
})

test('the log tells each stage of a start', async () => {
  const broker = await RestartingBroker.start()
  const before = await broker.channel()
  await before.assertQueue('q')
  await before.assertQueue('other')
  await before.bindQueue('q', 'amq.fanout', '')
  before.sendToQueue('q', Buffer.from('m'), { persistent: true })
  await before.waitForConfirms()
  broker.administration.addVhost('shop')
  const logger = new LogLines()
  await broker.restart({ logger })
  const lines = logger.lines.map((line) => line.replace(/\d+ ms/, 'N ms'))
  expect(lines).toContain(`info opened the data directory ${broker.options.dataDir} in N ms`)
  expect(lines).toContain(
    'info restored 2 vhosts, 1 user, 0 policies, 0 exchanges, 2 queues, 1 binding, 1 message in N ms',
  )
  expect(lines.filter((line) => !line.startsWith('info'))).toEqual([])
})
