import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import { frameBytes } from '../support/frames.ts'
import { collectGarbage } from '../support/garbage-collector.ts'
import { SocketBroker, type SocketClient } from '../support/socket-broker.ts'
import {
  close,
  consume,
  declareQueue,
  headerFrame,
  OPENING,
  openChannel,
  publish,
  publishMethod,
  startOk,
  tuneOk,
} from '../support/test-client.ts'
import { NOTHING_LEFT } from '../support/test-services.ts'

let broker: SocketBroker

beforeEach(async () => {
  broker = await SocketBroker.start()
})

afterEach(async () => {
  await broker.close()
})

/** Where a session stands when its socket goes: what was sent, and how many frames came back by then. */
const STAGES: readonly (readonly [string, readonly Buffer[], number])[] = [
  ['nothing was said', [], 0],
  ['half a protocol header', [PROTOCOL_HEADER.subarray(0, 4)], 0],
  ['connection.start', [PROTOCOL_HEADER], 1],
  ['tune', [PROTOCOL_HEADER, startOk()], 2],
  ['tune-ok', [PROTOCOL_HEADER, startOk(), tuneOk()], 2],
  ['open-ok', [OPENING], 3],
  ['half a method', [OPENING, openChannel(1), declareQueue(1, 'q').subarray(0, 9)], 4],
  [
    'an exclusive queue with a consumer',
    [
      OPENING,
      openChannel(1),
      declareQueue(1, 'own', { exclusive: true }),
      consume(1, 'own', 'c', false),
    ],
    6,
  ],
  [
    'deliveries that were not acknowledged',
    [
      ...[OPENING, openChannel(1), declareQueue(1, 'own', { exclusive: true })],
      ...[consume(1, 'own', 'c', false), publish(1, 'own', 'm')],
    ],
    9,
  ],
  [
    'half a body',
    [
      ...[OPENING, openChannel(1), publishMethod(1, 'x'), headerFrame(1, 100_000)],
      frameBytes(3, 1, Buffer.alloc(100_000)).subarray(0, 50_000),
    ],
    4,
  ],
  ['a close of the server', [OPENING, openChannel(1), openChannel(1)], 5],
  ['a close of its own', [OPENING, openChannel(1), close(0)], 5],
]

describe('a client behind a socket', () => {
  test.each(STAGES)('that resets it after %s leaves nothing behind', async (_name, sent, count) => {
    const client = await connectedUntil(sent, count)
    client.socket.resetAndDestroy()
    await broker.waitForConnections(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test.each(STAGES)('that hangs up after %s leaves nothing behind', async (_name, sent, count) => {
    const client = await connectedUntil(sent, count)
    client.socket.end()
    await broker.waitForConnections(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
    await client.closed
  })

  test('that closes its half behind its last words is still heard', async () => {
    const client = await broker.connect({ allowHalfOpen: true })
    client.send(OPENING, openChannel(1), declareQueue(1, 'q'), publish(1, 'q', 'last words'))
    client.socket.end()
    await broker.waitForConnections(0)
    expect(broker.vhost.queues.find('q')?.readyCount).toBe(1)
  })

  test('that closes its half gets the answer to its connection.close', async () => {
    const client = await broker.connect({ allowHalfOpen: true })
    client.send(OPENING, openChannel(1), close(0))
    client.socket.end()
    const frames = await client.take(5)
    expect(frames.at(-1)?.payload.toString('hex')).toBe('000a0033')
    await broker.waitForConnections(0)
  })

  test('that closes its half and does not read what waits for it is let go', async () => {
    const client = await slowConsumer(true)
    client.socket.end()
    await broker.waitForConnections(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('that resets while much waits for it is let go', async () => {
    const client = await slowConsumer(false)
    client.socket.resetAndDestroy()
    await broker.waitForConnections(0)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })

  test('that never stops talking after a frame that is none is cut off', async () => {
    const client = await connectedUntil([OPENING], 3)
    client.send(frameBytes(99, 0, 'no frame'), Buffer.alloc(1_000_000))
    const [last] = await client.take(1)
    expect(last?.payload.readUInt32BE(0)).toBe(0x000a0032)
    await client.closed
    await broker.waitForConnections(0)
  })
})

describe('a thousand connections that are dropped in the middle of a frame', () => {
  test('leave no memory and no connection behind', async () => {
    await dropMany(200) // whatever is made once is made now
    const connections: WeakRef<object>[] = []
    const before = await heldMemory()
    for (let round = 1; round <= 5; round++) {
      connections.push(...(await dropMany(200)))
      const now = await heldMemory()
      console.info(`after ${200 * round} connections: ${now - before} bytes more than before`)
    }
    const after = await heldMemory()
    expect(connections).toHaveLength(1000)
    expect(connections.filter((connection) => connection.deref() !== undefined)).toEqual([])
    expect(after - before).toBeLessThan(4_000_000)
    expect(broker.leftovers()).toEqual(NOTHING_LEFT)
  })
})

/** Connects, and waits until everything that the broker has to say to this has come. */
async function connectedUntil(sent: readonly Buffer[], count: number): Promise<SocketClient> {
  const client = await broker.connect()
  if (sent.length > 0) client.send(...sent)
  await client.take(count)
  return client
}

/** A consumer that has stopped reading while 100 MB wait for it. */
async function slowConsumer(allowHalfOpen: boolean): Promise<SocketClient> {
  const client = await broker.connect({ allowHalfOpen })
  client.send(OPENING, openChannel(1), declareQueue(1, 'own', { exclusive: true }))
  client.send(consume(1, 'own', 'c', false))
  await client.take(6)
  client.socket.pause()
  const publisher = await connectedUntil([OPENING, openChannel(1)], 4)
  for (let i = 0; i < 800; i++) publisher.send(publish(1, 'own', Buffer.alloc(131_072)))
  publisher.send(declareQueue(1, 'done'))
  await publisher.take(1)
  const stuck = () => [...broker.services.connections].some((connection) => !connection.hasRoom)
  while (!stuck()) await new Promise((resolve) => setImmediate(resolve))
  publisher.socket.end()
  return client
}

/** Opens connections and drops them within a frame; returns what the broker held for them. */
async function dropMany(count: number): Promise<WeakRef<object>[]> {
  const body = frameBytes(3, 1, Buffer.alloc(30_000)).subarray(0, 20_000)
  const method = declareQueue(1, 'x'.repeat(255)).subarray(0, 200)
  const clients: SocketClient[] = []
  for (let i = 0; i < count; i++) {
    const client = await broker.connect()
    client.send(OPENING, openChannel(1))
    if (i % 2 === 0) client.send(publishMethod(1, 'q'), headerFrame(1, 100_000), body)
    else client.send(declareQueue(1, '', { exclusive: true }), method)
    await client.take(4)
    clients.push(client)
  }
  const connections = [...broker.services.connections].map((connection) => new WeakRef(connection))
  clients.forEach((client, i) => {
    if (i % 3 === 0) client.socket.resetAndDestroy()
    else client.socket.destroy()
  })
  await Promise.all(clients.map((client) => client.closed))
  await broker.waitForConnections(0)
  return connections
}

/** Bytes of heap and buffers in use once everything that can be collected is. */
async function heldMemory(): Promise<number> {
  await collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
