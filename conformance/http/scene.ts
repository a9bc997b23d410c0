import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import amqplib, { type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib'
import type { Broker } from '../../src/index.ts'
import { ask } from './exchange.ts'

/** What was declared while the captures were taken, but for what belongs to plug-ins: streams, federation, JMS. */
const TOPOLOGY = readFileSync(fileURLToPath(new URL('topology.json', import.meta.url)), 'utf8')

/** The connections that are open while RabbitMQ is compared with, by their names. */
export interface Scene {
  /** The broker's name of a connection, by the client's. */
  nameOf(client: string): string
}

/** The vhosts, users, queues and clients that the captures were taken with, on a broker of our own. */
export async function setScene(broker: Broker): Promise<Scene> {
  const place = placeOf(broker)
  const base = { user: 'guest', requestHeaders: {} } as const
  const imported = await ask(place, {
    ...base,
    method: 'POST',
    path: '/api/definitions',
    body: TOPOLOGY,
  })
  if (imported.status !== 204) throw new Error(`definitions: ${imported.body.toString()}`)
  await Promise.all([
    publisher(broker),
    worker(broker),
    reader(broker),
    limited(broker),
    getter(broker),
    transactional(broker),
    root(broker),
    owner(broker),
  ])
  await untilSampled(place)
  const answer = await ask(place, { ...base, method: 'GET', path: '/api/connections', body: null })
  const names = connectionNames(JSON.parse(answer.body.toString()))
  return {
    nameOf: (client) => names.get(client) ?? '',
  }
}

/** Waits until there are samples of all this, and what nobody uses counts as idle. */
async function untilSampled(place: { host: string; port: number }): Promise<void> {
  const request = { method: 'GET', user: 'guest', requestHeaders: {}, body: null }
  const path = '/api/queues/orders/q.exclusive?columns=idle_since'
  for (let attempt = 0; attempt < 60; attempt++) {
    const { body } = await ask(place, { ...request, path })
    if (body.toString() !== '[]') return
    await delay(500)
  }
  throw new Error('nothing has been sampled')
}

export function placeOf({ management }: Broker): { host: string; port: number } {
  if (management === null) throw new Error('the broker has no management')
  return management
}

function connectionNames(json: unknown): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const connection of Array.isArray(json) ? json : []) {
    names.set(String(connection.user_provided_name), String(connection.name))
  }
  return names
}

async function connect(
  { amqp }: Broker,
  name: string | null,
  wish: { user?: string; vhost?: string } = {},
): Promise<ChannelModel> {
  const { user = 'guest', vhost = 'orders' } = wish
  const login = {
    protocol: 'amqp',
    hostname: amqp.host,
    port: amqp.port,
    username: user,
    password: user,
  }
  const properties = name === null ? {} : { clientProperties: { connection_name: name } }
  const connection = await amqplib.connect(
    { ...login, vhost, frameMax: 131_072 },
    { noDelay: true, ...properties },
  )
  connection.on('error', () => {}) // some are closed by requests, all by the broker in the end
  return connection
}

/** One channel with confirms, and one with messages that are returned or dropped. */
async function publisher(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'publisher-1')
  const confirming: ConfirmChannel = await connection.createConfirmChannel()
  const returned = await connection.createChannel()
  returned.on('return', () => {})
  for (let i = 0; i < 20; i++) {
    const body = Buffer.from(`message ${i}`)
    confirming.publish('ex.fanout', '', body, { persistent: true })
    confirming.publish('ex.topic', 'a.b.c', body, { persistent: true })
    returned.publish('ex.direct', 'key1', body)
    returned.publish('ex.direct', 'nowhere', body)
    returned.publish('ex.direct', 'nowhere', body, { mandatory: true })
    returned.publish('', 'q.prio', body)
    returned.publish('', 'q.quorum', body)
    returned.publish('', 'q.idle', body, { persistent: true, timestamp: 1_700_000_000 })
    returned.publish('', 'q.headers', body)
    returned.publish('', 'q.lazy', body)
  }
  await confirming.waitForConfirms()
  return connection
}

/** Two consumers of q.classic, which give some messages back. */
async function worker(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'worker-1', { user: 'alice' })
  for (const consumerTag of ['work-0', 'work-1']) {
    const channel = await connection.createChannel()
    await channel.prefetch(10)
    await consumeAll(channel, 'q.classic', { consumerTag, arguments: { 'x-priority': 5 } })
  }
  return connection
}

async function consumeAll(
  channel: Channel,
  queue: string,
  options: { consumerTag?: string; arguments?: object } = {},
): Promise<void> {
  const acknowledge = (message: amqplib.ConsumeMessage | null) => {
    if (message !== null) channel.ack(message)
  }
  await channel.consume(queue, acknowledge, options)
}

/** Consumers without acknowledgement, of a queue of the server's naming too. */
async function reader(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'reader')
  const channel = await connection.createChannel()
  await channel.consume('q.classic', () => {}, { noAck: true })
  await channel.consume('q.auto', () => {}, { noAck: true })
  const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
  await channel.consume(queue, () => {}, { noAck: true })
  const sac = await connection.createChannel()
  await consumeAll(sac, 'q.sac')
  await consumeAll(sac, 'q.sac')
  await consumeAll(sac, 'q.quorum.sac')
  return connection
}

async function limited(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'global-qos')
  const channel = await connection.createChannel()
  await channel.prefetch(4)
  let isFirst = true
  await channel.consume(
    'q.args',
    (message) => {
      if (message === null) return
      if (isFirst)
        channel.nack(message, false, false) // goes to q.dead
      else channel.ack(message)
      isFirst = false
    },
    { consumerTag: 'gq-0' },
  )
  await channel.consume('q.dead', () => {}, { exclusive: true })
  await channel.prefetch(20)
  await consumeAll(channel, 'q.quorum', { consumerTag: 'qw-0' })
  return connection
}

async function getter(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'getter', { user: 'alice' })
  const channel = await connection.createChannel()
  await channel.get('q.prio', { noAck: true })
  const message = await channel.get('q.prio')
  if (message) channel.ack(message)
  for (const queue of ['q.idle', 'q.idle', 'q.headers', 'q.lazy']) await channel.get(queue)
  return connection
}

/** Its channel is made transactional by hand: amqplib does not know how. */
async function transactional(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'tx-client')
  const channel = await connection.createChannel()
  channel.publish('ex.direct', 'key1', Buffer.from('tx'))
  return connection
}

async function root(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, 'root', { vhost: '/' })
  const channel = await connection.createChannel()
  await channel.prefetch(5)
  await consumeAll(channel, 'tasks')
  channel.publish('amq.topic', 'task.x', Buffer.from('task'))
  await channel.assertQueue('spare', { exclusive: true })
  return connection
}

/** Owns the exclusive queue. */
async function owner(broker: Broker): Promise<ChannelModel> {
  const connection = await connect(broker, null)
  const channel = await connection.createChannel()
  await channel.assertQueue('q.exclusive', { exclusive: true })
  await channel.assertQueue('', { exclusive: true })
  await channel.assertQueue('spare', { exclusive: true }) // as many as there were
  return connection
}
