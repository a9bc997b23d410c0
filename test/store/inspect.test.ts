import { createHash } from 'node:crypto'
import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { describe, expect, test } from 'vitest'
import { createBroker } from '../../src/index.ts'
import { NodeFileSystem } from '../../src/store/files/node-file-system.ts'
import { inspect } from '../../src/store/inspect.ts'
import { HEADER_SIZE } from '../../src/store/log/format.ts'
import { verify } from '../../src/store/verify.ts'
import { dataDirectory } from '../support/data-directory.ts'

describe('a data directory that is whole', () => {
  test('is told with everything in it', async () => {
    const directory = await filled()
    expect(inspect(new NodeFileSystem(directory))).toMatchObject({
      isClosedProperly: true,
      recordsBehindCheckpoint: 0,
      definitions: {
        vhosts: 2,
        users: 1,
        permissions: 2,
        policies: 1,
        exchanges: 1,
        queues: 3,
        bindings: 2,
      },
      queues: [
        queue('/', 'idle', 0, 0),
        { ...queue('/', 'later', 1, 5), kind: 'exchange' },
        queue('/', 'orders', 9, 900),
        queue('shop', 'orders', 1, 4),
      ],
      damage: [],
      notes: [],
    })
  })

  test('has all its messages in its files', async () => {
    const { segments = [] } = inspect(new NodeFileSystem(await filled())) ?? {}
    expect(segments.reduce((sum, { messages }) => sum + messages, 0)).toBe(11)
    expect(segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(909)
  })

  test('is verified', async () => {
    expect(verify(new NodeFileSystem(await filled()))).toMatchObject({
      messages: 11,
      damage: [],
      lost: [],
      notes: [],
    })
  })

  test('is not changed by looking at it', async () => {
    const directory = await filled()
    const before = await fingerprints(directory)
    inspect(new NodeFileSystem(directory))
    verify(new NodeFileSystem(directory))
    expect(await fingerprints(directory)).toEqual(before)
  })

  test('may be looked at while a broker writes to it', async () => {
    const dataDir = await dataDirectory()
    const broker = await createBroker({ dataDir })
    const connection = await amqplib.connect(broker.url)
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue('q')
    for (let i = 1; i <= 20; i++) {
      channel.sendToQueue('q', Buffer.from('m'), { persistent: true })
      await channel.waitForConfirms()
      expect(inspect(new NodeFileSystem(dataDir))?.queues).toEqual([queue('/', 'q', i, i)])
      expect(verify(new NodeFileSystem(dataDir))).toMatchObject({ messages: i, damage: [] })
    }
    await connection.close()
    await broker.close()
  })

  test('in which there is nothing is none', async () => {
    const files = new NodeFileSystem(await dataDirectory())
    expect(inspect(files)).toBeNull()
    expect(verify(files)).toBeNull()
  })
})

describe('a data directory that is damaged', () => {
  test.each(Array.from({ length: 9 }, (_, i) => i + 1))(
    'in the body of message %i is told with what it costs',
    async (number) => {
      const directory = await filled()
      const damaged = await change(directory, bodyOf(number), (bytes, at) =>
        bytes.fill(0, at, at + 9),
      )
      const found = verify(new NodeFileSystem(directory))
      expect(found?.lost).toEqual([{ vhost: '/', kind: 'queue', name: 'orders', messages: 1 }])
      expect(found?.messages).toBe(10)
      expect(found?.damage).toEqual([
        expect.stringMatching(new RegExp(`^log/${damaged}: \\d+ bytes at \\d+ are damaged$`)),
      ])
    },
  )

  test('in an index is told, and costs nothing', async () => {
    const directory = await filled()
    const [index = ''] = (await readdir(join(directory, 'log'))).filter((name) =>
      name.endsWith('.index'),
    )
    await overwrite(join(directory, 'log', index), HEADER_SIZE + 6)
    const found = verify(new NodeFileSystem(directory))
    expect(found).toMatchObject({ messages: 11, lost: [] })
    expect(found?.damage).toEqual([`log/${index} is damaged, and is made anew when it is needed`])
  })

  test.each(['a', 'b'])('in copy %s of its checkpoint is told, and costs nothing', async (copy) => {
    const directory = await filled()
    const names = (await readdir(join(directory, 'checkpoint'))).filter((n) => n.endsWith(copy))
    await overwrite(join(directory, 'checkpoint', names.at(-1) ?? ''), HEADER_SIZE + 40)
    expect(verify(new NodeFileSystem(directory))).toMatchObject({
      messages: 11,
      damage: [`checkpoint/${names.at(-1)} is damaged`],
      lost: [],
    })
  })

  test('by a file that is gone is told', async () => {
    const directory = await filled()
    const name = await change(directory, bodyOf(3), () => {})
    await rm(join(directory, 'log', name))
    const found = inspect(new NodeFileSystem(directory))
    expect(found?.damage.join('\n')).toMatch(new RegExp(`messages in log/${name} are lost`))
    expect(verify(new NodeFileSystem(directory))?.damage).toEqual(found?.damage)
  })

  test('beyond use is an error', async () => {
    const directory = await filled()
    for (const name of await readdir(join(directory, 'checkpoint'))) {
      await overwrite(join(directory, 'checkpoint', name), HEADER_SIZE + 40)
    }
    expect(() => inspect(new NodeFileSystem(directory))).toThrow('no checkpoint in it can be read')
    expect(() => verify(new NodeFileSystem(directory))).toThrow('no checkpoint in it can be read')
  })
})

function queue(vhost: string, name: string, messages: number, bytes: number) {
  return { vhost, kind: 'queue', name, messages, bytes, isDeclared: true }
}

/** What is in the bodies of the queue `orders` in the vhost `/`, of 100 bytes each. */
function bodyOf(number: number): Buffer {
  return Buffer.alloc(100, `order ${number}, `)
}

/** A data directory with a little of everything, as a broker leaves it behind. */
async function filled(): Promise<string> {
  const dataDir = await dataDirectory()
  const broker = await createBroker({ dataDir })
  const { administration } = broker
  administration.addVhost('shop')
  const all = { configure: '.*', write: '.*', read: '.*' }
  administration.setPermissions('guest', 'shop', all)
  administration.setPolicy('/', { name: 'p', pattern: 'z', definition: { 'max-length': 1 } })
  const connection = await amqplib.connect(broker.url)
  const channel = await connection.createConfirmChannel()
  for (const name of ['orders', 'idle']) {
    await channel.assertQueue(name)
    await channel.bindQueue(name, 'amq.topic', name)
  }
  const type = { arguments: { 'x-delayed-type': 'direct' } }
  await channel.assertExchange('later', 'x-delayed-message', type)
  const persistent = { persistent: true }
  const headers = { 'x-delay': 3_600_000 }
  channel.publish('later', 'k', Buffer.from('later'), { ...persistent, headers })
  channel.sendToQueue('orders', bodyOf(0), persistent)
  for (let i = 1; i < 10; i++) channel.sendToQueue('orders', bodyOf(i), persistent)
  await channel.waitForConfirms()
  await channel.get('orders', { noAck: true })
  await connection.close()
  const shop = await amqplib.connect(`${broker.url}/shop`)
  const shopping = await shop.createConfirmChannel()
  await shopping.assertQueue('orders')
  shopping.sendToQueue('orders', Buffer.from('shoe'), persistent)
  await shopping.waitForConfirms()
  await shop.close()
  await broker.close()
  return dataDir
}

/** Changes the log file that holds these bytes, from where they begin; returns its name. */
async function change(
  directory: string,
  what: Buffer,
  work: (bytes: Buffer, at: number) => void,
): Promise<string> {
  for (const name of await readdir(join(directory, 'log'))) {
    const path = join(directory, 'log', name)
    const bytes = await readFile(path)
    const at = bytes.indexOf(what)
    if (at === -1) continue
    work(bytes, at)
    const file = await open(path, 'r+')
    await file.write(bytes, 0, bytes.length, 0)
    await file.close()
    return name
  }
  throw new Error('no log file holds that')
}

/** Turns a byte over. */
async function overwrite(path: string, at: number): Promise<void> {
  const bytes = await readFile(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at)
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, 0)
  await file.close()
}

async function fingerprints(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  const lines = files.map(async ({ name, parentPath }) => {
    const content = await readFile(join(parentPath, name))
    return `${parentPath}/${name} ${createHash('sha256').update(content).digest('hex')}`
  })
  return (await Promise.all(lines)).sort()
}
