import dns from 'node:dns'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { methodFrame } from '../../conformance/support/frames.ts'
import { BrokerError, type BrokerOptions, createBroker } from '../../src/index.ts'
import { connectMuteClient } from '../cli/mute-client.ts'
import { connectTo, startBroker } from './running-broker.ts'

/** A machine may be without IPv6. */
const LOOPBACKS = ['127.0.0.1', '::1'].filter((address) =>
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address)),
)

const FAREWELL = "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"

async function listenOn(host: string, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

async function freePort(): Promise<number> {
  const { server, port } = await listenOn('127.0.0.1')
  server.close()
  await once(server, 'close')
  return port
}

async function failureOf(options: BrokerOptions): Promise<BrokerError> {
  const result = await createBroker(options).catch((error: unknown) => error)
  if (result instanceof BrokerError) return result
  if (typeof result === 'object' && result !== null && 'close' in result) {
    throw new Error('the broker has started')
  }
  throw result
}

describe('a broker that starts', () => {
  test('has taken a free port, and its url is one that a client can use', async () => {
    const broker = await startBroker()
    expect(broker.amqp).toEqual({ host: '127.0.0.1', port: expect.any(Number) })
    expect(broker.amqp.port).toBeGreaterThan(0)
    expect(broker.url).toBe(`amqp://guest:guest@127.0.0.1:${broker.amqp.port}`)
    const channel = await (await connectTo(broker)).createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    channel.sendToQueue(queue, Buffer.from('hello'))
    const message = await channel.get(queue)
    expect(message ? message.content.toString() : null).toBe('hello')
  })

  test.each(LOOPBACKS)('accepts clients on %s by default', async (address) => {
    const broker = await startBroker()
    const connection = await amqplib.connect({ hostname: address, port: broker.amqp.port })
    await connection.close()
  })

  test.each(LOOPBACKS)('on %s alone has a url of that address', async (host) => {
    const broker = await startBroker({ amqp: { host } })
    expect(broker.amqp.host).toBe(host)
    const connection = await connectTo(broker)
    await connection.close()
  })

  test.each([['0.0.0.0'], ['::']])('on %s, all addresses, has a url of loopback', async (host) => {
    const broker = await startBroker({ amqp: { host } })
    expect(broker.url).toBe(`amqp://guest:guest@127.0.0.1:${broker.amqp.port}`)
    const connection = await connectTo(broker)
    await connection.close()
  })

  test('does not see what another one in the process holds', async () => {
    const brokers = [await startBroker(), await startBroker()]
    const channels = await Promise.all(
      brokers.map(async (broker) => (await connectTo(broker)).createChannel()),
    )
    for (const [i, channel] of channels.entries()) {
      await channel.assertExchange('letters', 'fanout')
      await channel.assertQueue('inbox')
      await channel.bindQueue('inbox', 'letters', '')
      channel.publish('letters', '', Buffer.from(`from ${i}`))
    }
    for (const [i, channel] of channels.entries()) {
      const message = await channel.get('inbox', { noAck: true })
      expect(message && [message.content.toString(), message.fields.messageCount]).toEqual([
        `from ${i}`,
        0,
      ])
    }
  })

  test('lives on when another one in the process closes', async () => {
    const [one, other] = [await createBroker(), await startBroker()]
    const channel = await (await connectTo(other)).createChannel()
    await one.close()
    await channel.assertQueue('q')
  })
})

describe('close', () => {
  test('tells every client 320 and why', async () => {
    const broker = await startBroker()
    const connections = await Promise.all([connectTo(broker), connectTo(broker), connectTo(broker)])
    const ends = Promise.all(connections.map((connection) => once(connection, 'close')))
    const closed = broker.close()
    for (const [error] of await ends) {
      expect(error).toMatchObject({ code: 320 })
      expect(error.message).toContain(`"${FAREWELL}"`)
    }
    await closed
  })

  test('sends nothing but the one method, and names no method as its cause', async () => {
    const broker = await startBroker()
    const client = await connectMuteClient(broker.amqp.port)
    const chunks: Buffer[] = []
    client.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      client.write(methodFrame(0, 'connection.close-ok'))
    })
    const ended = once(client, 'end')
    await broker.close()
    await ended
    const close = { replyCode: 320, replyText: FAREWELL, classId: 0, methodId: 0 }
    expect(Buffer.concat(chunks)).toEqual(methodFrame(0, 'connection.close', close))
  })

  test('resolves although clients never answer, and hangs up on them', async () => {
    const broker = await startBroker()
    const mute = await connectMuteClient(broker.amqp.port)
    const silent = connect(broker.amqp.port, '127.0.0.1')
    const halfway = connect(broker.amqp.port, '127.0.0.1')
    halfway.write('AMQP\0\0\x09\x01', 'latin1')
    await once(halfway, 'data')
    const clients = [mute, silent, halfway]
    for (const client of clients) client.on('error', () => {}).resume() // a reset is as good
    const gone = clients.map((client) => once(client, 'close'))
    await broker.close()
    await Promise.all(gone)
  })

  test('resolves although a client does not read', async () => {
    const broker = await startBroker()
    const channel = await (await connectTo(broker)).createConfirmChannel()
    await channel.assertQueue('q')
    for (let i = 0; i < 24; i++) channel.sendToQueue('q', Buffer.alloc(1024 * 1024))
    await channel.waitForConfirms()
    const client = await connectMuteClient(broker.amqp.port)
    client.pause()
    client.on('error', () => {})
    onTestFinished(() => void client.destroy())
    client.write(
      Buffer.concat([
        methodFrame(1, 'channel.open'),
        methodFrame(1, 'basic.consume', { queue: 'q' }),
      ]),
    )
    for (let taken = 0; taken === 0; ) taken = (await channel.checkQueue('q')).consumerCount
    await broker.close()
  })

  test('resolves although clients go on publishing', async () => {
    const broker = await startBroker()
    const connections = await Promise.all([connectTo(broker), connectTo(broker)])
    const ends = connections.map(async (connection) => {
      let isOpen = true
      const ended = once(connection, 'close').then(() => {
        isOpen = false
      })
      const channel = await connection.createChannel()
      await channel.assertQueue('q')
      while (isOpen) {
        for (let i = 0; i < 100; i++) channel.sendToQueue('q', Buffer.alloc(1024))
        await setImmediate()
      }
      await ended
    })
    const watcher = await (await connectTo(broker)).createChannel()
    await watcher.assertQueue('q')
    for (let count = 0; count < 1000; ) count = (await watcher.checkQueue('q')).messageCount
    await broker.close()
    await Promise.all(ends)
  })

  test('may be called again, at once and later', async () => {
    const broker = await startBroker()
    await connectTo(broker)
    await Promise.all([broker.close(), broker.close()])
    await broker.close()
  })

  test('frees the port on every address', async () => {
    const broker = await startBroker()
    await connectTo(broker)
    await broker.close()
    for (const address of LOOPBACKS) await listenOn(address, broker.amqp.port)
  })

  test('lets another broker start on the port, with nothing of the old one', async () => {
    const first = await startBroker()
    await (await (await connectTo(first)).createChannel()).assertQueue('q')
    await first.close()
    const second = await startBroker({ amqp: { port: first.amqp.port } })
    expect(second.amqp.port).toBe(first.amqp.port)
    const channel = await (await connectTo(second)).createChannel()
    const failed = once(channel, 'error')
    await expect(channel.checkQueue('q')).rejects.toThrow("no queue 'q' in vhost '/'")
    await failed
  })
})

describe('a broker that cannot start', () => {
  test.each(LOOPBACKS)('says that the port is in use on %s, and opens no other', async (taken) => {
    const { port } = await listenOn(taken)
    const before = await openServers()
    const error = await failureOf({ amqp: { host: LOOPBACKS, port } })
    expect(error).toMatchObject({
      name: 'BrokerError',
      code: 'PORT_IN_USE',
      message: `port ${port} is in use on ${LOOPBACKS.join(', ')}`,
      cause: { code: 'EADDRINUSE' },
    })
    expect(await openServers()).toBe(before)
  })

  test('says that the port is in use by another broker, which lives on', async () => {
    const broker = await startBroker()
    const error = await failureOf({ amqp: { port: broker.amqp.port } })
    expect(error.code).toBe('PORT_IN_USE')
    await (await connectTo(broker)).close()
  })

  test.each([
    ['192.0.2.1', 'EADDRNOTAVAIL'], // set aside for documentation (RFC 5737), so no machine has it
    ['no-such-host.invalid', expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/)],
  ])('says that %s is no address of the machine', async (host, code) => {
    const before = await openServers()
    const error = await failureOf({ amqp: { host: ['127.0.0.1', host] } })
    expect(error).toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
      message: `cannot listen on 127.0.0.1, ${host}, port 0: no such address`,
      cause: { code },
    })
    expect(await openServers()).toBe(before)
  })

  test('hangs up on a client that came before the last address was found missing', async () => {
    const port = await freePort()
    const asked = holdLookup('slow.invalid')
    const failed = failureOf({
      amqp: { host: ['127.0.0.1', 'slow.invalid'], port },
      handshakeTimeoutMs: 3_600_000,
    })
    const fail = await asked
    const client = connect(port, '127.0.0.1')
    client.write('AMQP\0\0\x09\x01', 'latin1')
    await once(client, 'data')
    fail()
    expect(await failed).toMatchObject({ code: 'ADDRESS_UNAVAILABLE' })
    client.on('error', () => {}) // a reset is as good
    await once(client, 'close')
  })
})

/** Sockets that listen, in this process. One that is closed is gone with the end of the turn. */
async function openServers(): Promise<number> {
  for (let turn = 0; turn < 2; turn++) await setImmediate()
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
}

/** Keeps the system from answering for one name. Once it is asked, resolves to what makes the answer `not found`. */
function holdLookup(name: string): Promise<() => void> {
  const { lookup } = dns
  return new Promise((resolve) => {
    const spy = vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
      if (args[0] !== name) return Reflect.apply(lookup, dns, args)
      const callback = args.at(-1)
      resolve(() => {
        const error = Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
        if (typeof callback === 'function') callback(error)
      })
    })
    onTestFinished(() => void spy.mockRestore())
  })
}
