import { once } from 'node:events'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { TransportHandler } from '../../src/protocol/transport.ts'
import { Listener } from '../../src/server/listener.ts'
import { codeOf } from '../../src/server/listeners.ts'
import { SocketTransport } from '../../src/server/socket-transport.ts'
import { type Batch, BlockPool } from '../../src/wire/output.ts'

/** More than the buffers of the system hold on both sides of a connection. */
const LARGE = 64 * 1024 * 1024

const listeners: Listener[] = []
const transports: SocketTransport[] = []
const clients: Socket[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  for (const transport of transports.splice(0)) transport.destroy()
  await Promise.all(listeners.splice(0).map((listener) => listener.close()))
})

describe('a socket transport', () => {
  test('knows both ends', async () => {
    const { transport, client } = await pair()
    expect(transport.endpoints).toEqual({
      peerHost: '127.0.0.1',
      peerPort: client.localPort,
      host: '127.0.0.1',
      port: client.remotePort,
    })
  })

  test('hands over what comes, in order', async () => {
    const { events, client } = await pair()
    for (let i = 0; i < 1000; i++) client.write(`${i},`)
    const expected = Array.from({ length: 1000 }, (_, i) => `${i},`).join('')
    while (events.received.length < expected.length) await events.next()
    expect(events.bytes.join('')).toBe(expected)
  })

  test('sends pieces in order, and gives the blocks back when all of it is gone', async () => {
    const { transport, client, pool, events } = await pair()
    const blocks = [pool.take(), pool.take()]
    const pieces = Array.from({ length: 500 }, (_, i) => Buffer.alloc(1000, i & 0xff))
    const arrived = gather(client, 500_000)
    transport.send(batch(pieces, blocks))
    expect((await arrived).equals(Buffer.concat(pieces))).toBe(true)
    while (events.drainedCount === 0) await events.next()
    expect(transport.unsentSize).toBe(0)
    expect(new Set([pool.take(), pool.take()])).toEqual(new Set(blocks))
  })

  test('gives the blocks back at once when the system takes all at once', async () => {
    const { transport, client, pool } = await pair()
    const block = pool.take().fill('one')
    const arrived = gather(client, 3000)
    transport.send(batch([block.subarray(0, 1500), block.subarray(1500, 3000)], [block]))
    expect(pool.take()).toBe(block)
    block.fill('two')
    expect((await arrived).toString()).toBe('one'.repeat(1000))
    expect(pool.take()).not.toBe(block)
  })

  test('is drained once the client has taken everything, not before', async () => {
    const { transport, client, events } = await pair()
    client.pause()
    for (let i = 0; i < 64; i++) transport.send(batch([Buffer.alloc(LARGE / 64)], []))
    await roundTrips()
    expect(events.drainedCount).toBe(0)
    expect(transport.unsentSize).toBeGreaterThan(LARGE / 4)
    const arrived = gather(client, LARGE)
    await arrived
    while (events.drainedCount === 0) await events.next()
    expect(transport.unsentSize).toBe(0)
  })

  test('reads nothing while it is paused: the client cannot get rid of what it writes', async () => {
    const { transport, client, events } = await pair()
    transport.pause()
    client.write(Buffer.alloc(LARGE, 1))
    await roundTrips()
    expect(events.received.length).toBe(0)
    expect(client.writableLength).toBeGreaterThan(LARGE / 4)
    transport.resume()
    while (events.received.length < LARGE) await events.next()
    expect(events.received.length).toBe(LARGE)
  })

  test('stops behind the chunk during which it was paused', async () => {
    const { transport, client, events } = await pair()
    events.onReceive = () => transport.pause()
    client.write(Buffer.alloc(LARGE, 1))
    while (events.bytes.length === 0) await events.next()
    await roundTrips()
    expect(events.bytes.length).toBe(1)
    expect(events.received.length).toBeLessThanOrEqual(65_536)
  })

  test('ends behind what was sent', async () => {
    const { transport, client, events } = await pair()
    const arrived = gather(client, 10_000_000)
    transport.send(batch([Buffer.alloc(10_000_000, 7)], []))
    transport.end()
    expect((await arrived).length).toBe(10_000_000)
    while (!events.isClosed) await events.next()
    expect(events.error).toBe(null)
  })

  test('calls after its end do nothing', async () => {
    const { transport, events } = await pair()
    transport.destroy()
    while (!events.isClosed) await events.next()
    transport.send(batch([Buffer.from('x')], []))
    transport.pause()
    transport.resume()
    transport.end()
    transport.destroy()
    await roundTrips()
    expect(events.drainedCount).toBe(0)
    expect(events.closedCount).toBe(1)
  })

  test('tells of a reset as an error, once', async () => {
    const { client, events } = await pair()
    client.resetAndDestroy()
    while (!events.isClosed) await events.next()
    expect(codeOf(events.error)).toBe('ECONNRESET')
    expect(events.closedCount).toBe(1)
  })

  test('tells of a reset while it has much to send', async () => {
    const { transport, client, events } = await pair()
    client.pause()
    for (let i = 0; i < 10; i++) transport.send(batch([Buffer.alloc(LARGE / 10)], []))
    client.resetAndDestroy()
    while (!events.isClosed) await events.next()
    expect(['ECONNRESET', 'EPIPE']).toContain(codeOf(events.error))
  })

  test('is closed without an error when the client hangs up, and answers in kind', async () => {
    const { client, events } = await pair()
    client.end()
    while (!events.isClosed) await events.next()
    expect(events.error).toBe(null)
  })

  test('is closed when the client closes its half and goes on reading', async () => {
    const { transport, client, events } = await pair({ allowHalfOpen: true })
    const arrived = gather(client, 100_000)
    transport.send(batch([Buffer.alloc(100_000, 1)], []))
    client.end('last words')
    await arrived
    await once(client, 'end')
    while (!events.isClosed) await events.next()
    expect(events.bytes.join('')).toBe('last words')
  })
})

/** Writes down what a transport tells its handler. */
class Events implements TransportHandler {
  readonly bytes: Buffer[] = []
  readonly received = { length: 0 }
  drainedCount = 0
  closedCount = 0
  error: Error | null = null
  onReceive: () => void = () => {}
  private wake: () => void = () => {}

  get isClosed(): boolean {
    return this.closedCount > 0
  }

  receive(chunk: Buffer): void {
    this.bytes.push(chunk)
    this.received.length += chunk.length
    this.onReceive()
    this.wake()
  }

  drained(): void {
    this.drainedCount++
    this.wake()
  }

  closed(error: Error | null): void {
    this.closedCount++
    this.error = error
    this.wake()
  }

  /** Resolves with the next thing that happens. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

interface Pair {
  readonly transport: SocketTransport
  readonly events: Events
  readonly client: Socket
  readonly pool: BlockPool
}

async function pair(options: Partial<NetConnectOpts> = {}): Promise<Pair> {
  const pool = new BlockPool()
  const events = new Events()
  const accepted = new Promise<SocketTransport>((resolve, reject) => {
    Listener.open(
      '127.0.0.1',
      0,
      (socket) => {
        const transport = new SocketTransport(socket, pool)
        transport.attach(events)
        transports.push(transport)
        resolve(transport)
      },
      reject,
    ).then((listener) => {
      listeners.push(listener)
      const client = connect({ host: '127.0.0.1', port: listener.port, ...options })
      client.on('error', () => {})
      clients.push(client)
    }, reject)
  })
  const transport = await accepted
  const client = clients.at(-1)
  if (client === undefined) throw new Error('there is no client')
  if (client.connecting) await once(client, 'connect')
  return { transport, events, client, pool }
}

/** Time for the event loop to do all it can: bytes go to and fro over another connection. */
async function roundTrips(): Promise<void> {
  const listener = await Listener.open('127.0.0.1', 0, (socket) => socket.pipe(socket), unexpected)
  const client = connect(listener.port, '127.0.0.1')
  for (let i = 0; i < 200; i++) {
    client.write('ping')
    await once(client, 'data')
  }
  client.destroy()
  await listener.close()
}

async function gather(client: Socket, size: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve) => {
    client.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= size) resolve(Buffer.concat(chunks))
    })
    client.resume()
  })
}

function batch(pieces: readonly Buffer[], blocks: readonly Buffer[]): Batch {
  return { pieces, blocks, size: pieces.reduce((sum, piece) => sum + piece.length, 0) }
}

function unexpected(error: Error): void {
  throw error
}
