import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts'
import { dataDirectory } from '../support/data-directory.ts'

async function start(options: BrokerOptions): Promise<Broker> {
  const broker = await createBroker({ amqp: { host: '127.0.0.1' }, ...options })
  onTestFinished(() => broker.close())
  return broker
}

/** Whether somebody can log in with this, for example `guest:guest@/shop`. */
async function letsIn(broker: Broker, login: string): Promise<boolean> {
  const [credentials, path] = login.split('@')
  try {
    const connection = await amqplib.connect(
      `amqp://${credentials}@127.0.0.1:${broker.amqp.port}${path}`,
    )
    await connection.close()
    return true
  } catch (error) {
    expect(String(error)).toMatch(/ACCESS.REFUSED|NOT.ALLOWED/)
    return false
  }
}

const USER = { name: 'clerk', password: 'secret', tags: 'administrator' }
const PERMISSION = { user: 'clerk', vhost: 'shop', configure: '.*', write: '.*', read: '.*' }

async function definitionsFile(definitions: object): Promise<string> {
  const path = join(await dataDirectory(), 'definitions.json')
  writeFileSync(path, JSON.stringify(definitions))
  return path
}

describe('a new broker', () => {
  test('has the user and the vhost that it is told, and no others', async () => {
    const defaults = { user: 'a b', password: 'p/q', vhost: 'shop', tags: [] }
    const broker = await start({ defaults })
    expect(broker.url).toBe(`amqp://a%20b:p%2Fq@127.0.0.1:${broker.amqp.port}/shop`)
    const connection = await amqplib.connect(broker.url)
    await connection.close()
    expect(await letsIn(broker, 'guest:guest@/')).toBe(false)
  })

  test('with definitions has their users, and not the default one', async () => {
    const definitions = await definitionsFile({
      users: [USER],
      vhosts: [{ name: 'shop' }],
      permissions: [PERMISSION],
      queues: [{ vhost: 'shop', name: 'orders', durable: true, auto_delete: false }],
    })
    const broker = await start({ definitions })
    expect(await letsIn(broker, 'clerk:secret@/shop')).toBe(true)
    expect(await letsIn(broker, 'guest:guest@/')).toBe(false)
  })

  test('with definitions that have no users has the default one too', async () => {
    const definitions = await definitionsFile({ queues: [{ vhost: '/', name: 'orders' }] })
    const broker = await start({ definitions })
    expect(await letsIn(broker, 'guest:guest@/')).toBe(true)
  })

  test('gives every vhost its type of queues, until definitions say otherwise', async () => {
    const definitions = await definitionsFile({
      vhosts: [{ name: 'plain', default_queue_type: 'classic' }],
      queues: [
        { vhost: '/', name: 'q', durable: true },
        { vhost: '/', name: 'temporary', durable: true, auto_delete: true },
        { vhost: 'plain', name: 'q', durable: true },
      ],
    })
    const broker = await start({ definitions, defaultQueueType: 'quorum' })
    const connection = await amqplib.connect(broker.url)
    const channel = await connection.createChannel()
    await channel.assertQueue('q', { arguments: { 'x-queue-type': 'quorum' } })
    await channel.assertQueue('own')
    await channel.assertQueue('own', { arguments: { 'x-queue-type': 'quorum' } })
    await channel.assertQueue('temporary', { autoDelete: true })
    await connection.close()
  })
})

describe('a broker that is started again', () => {
  test('has what it had, whatever it is told of a first user', async () => {
    const dataDir = await dataDirectory()
    const first = await createBroker({ dataDir, defaults: { user: 'one', password: 'p' } })
    await first.close()
    const second = await start({ dataDir, defaults: { user: 'two', password: 'p' } })
    expect(await letsIn(second, 'one:p@/')).toBe(true)
    expect(await letsIn(second, 'two:p@/')).toBe(false)
  })

  test('imports its definitions again, a directory in the order of names', async () => {
    const dataDir = await dataDirectory()
    const definitions = join(await dataDirectory(), 'definitions.d')
    mkdirSync(definitions)
    const write = (name: string, json: object) =>
      writeFileSync(join(definitions, name), JSON.stringify(json))
    write('1.json', { users: [USER], vhosts: ['shop'] })
    write('2.json', { permissions: [PERMISSION] })
    write('notes.txt', {})
    const first = await createBroker({ dataDir, definitions })
    await first.close()
    write('2.json', { users: [{ ...USER, password: 'other' }], permissions: [PERMISSION] })
    const second = await start({ dataDir, definitions })
    expect(await letsIn(second, 'clerk:other@/shop')).toBe(true)
    expect(await letsIn(second, 'clerk:secret@/shop')).toBe(false)
  })
})

describe('definitions that cannot be imported keep a broker from starting', () => {
  test.each([
    ['no JSON', '{', /cannot import the definitions in .*definitions\.json: .*JSON/],
    [
      'a vhost that is not there',
      '{"users":[{"name":"u","tags":""}],"queues":[{"vhost":"v","name":"q"}]}',
      /Please create virtual host "v" prior to importing definitions\.$/,
    ],
  ])('%s', async (_what, text, message) => {
    const path = join(await dataDirectory(), 'definitions.json')
    writeFileSync(path, text)
    const started = createBroker({ definitions: path })
    await expect(started).rejects.toMatchObject({
      code: 'DEFINITIONS_INVALID',
      message: expect.stringMatching(message),
    })
  })

  test('no file', async () => {
    const started = createBroker({ definitions: join(await dataDirectory(), 'none.json') })
    await expect(started).rejects.toMatchObject({ code: 'DEFINITIONS_INVALID' })
  })
})
