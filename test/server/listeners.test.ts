import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Listener } from '../../src/server/listener.ts'
import { codeOf, openListeners } from '../../src/server/listeners.ts'

/** Documentation addresses: no machine has them. */
const NO_IPV6 = '2001:db8::1'
const NO_IPV4 = '192.0.2.1'

const opened: Listener[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((listener) => listener.close()))
})

describe('listeners', () => {
  test('on several addresses have one port between them', async () => {
    const accepted: string[] = []
    const listeners = await open(['127.0.0.1', '127.0.0.2', '127.0.0.3'], 0, (socket) => {
      accepted.push(`${socket.localAddress}`)
      socket.destroy()
    })
    expect(listeners.map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    expect(new Set(listeners.map(({ port }) => port)).size).toBe(1)
    for (const { host, port } of listeners) await visit(host, port)
    expect(accepted).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3'])
  })

  test('take the port they are told', async () => {
    const [first] = await open(['127.0.0.1'], 0)
    const port = first?.port ?? 0
    await first?.close()
    opened.length = 0
    const again = await open(['127.0.0.1', '127.0.0.2'], port)
    expect(again.map((listener) => listener.port)).toEqual([port, port])
  })

  test('on every address of the machine are reached by IPv4 too, with IPv6 or without', async () => {
    const [listener, ...more] = await open(['::'], 0, (socket) => socket.destroy())
    expect(more).toEqual([])
    expect(['::', '0.0.0.0']).toContain(listener?.host)
    await visit('127.0.0.1', listener?.port ?? 0)
  })

  test.each([[['127.0.0.1', NO_IPV6]], [[NO_IPV6, '127.0.0.1']]])(
    'leave an IPv6 address out that cannot be had: %j',
    async (hosts) => {
      const listeners = await open(hosts, 0)
      expect(listeners.map(({ host }) => host)).toEqual(['127.0.0.1'])
    },
  )

  test.each([
    ['an IPv6 address alone', [NO_IPV6]],
    ['an IPv4 address', ['127.0.0.1', NO_IPV4]],
  ])('are refused when %s cannot be had', async (_name, hosts) => {
    await expect(open(hosts, 0)).rejects.toSatisfy((error) =>
      ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? ''),
    )
  })

  test('leave none open when one of them cannot be', async () => {
    const taken = await occupied('127.0.0.2')
    const { port } = taken
    await expect(open(['127.0.0.1', '127.0.0.2'], port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    const [free] = await open(['127.0.0.1'], port)
    expect(free?.port).toBe(port)
    taken.server.close()
  })

  test('close when their last connection is gone, and accept none meanwhile', async () => {
    const sockets: Socket[] = []
    const [listener] = await open(['127.0.0.1'], 0, (socket) => sockets.push(socket))
    const port = listener?.port ?? 0
    const client = connect(port, '127.0.0.1')
    await once(client, 'connect')
    while (sockets.length === 0) await nextTurn()
    let isClosed = false
    const closing = listener?.close().then(() => {
      isClosed = true
    })
    await expect(visit('127.0.0.1', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(isClosed).toBe(false)
    client.destroy()
    await closing
    expect(isClosed).toBe(true)
    opened.length = 0
  })
})

describe('the code of an error', () => {
  test('is that of the system, if it has one', () => {
    expect(codeOf(Object.assign(new Error('x'), { code: 'EADDRINUSE' }))).toBe('EADDRINUSE')
    expect(codeOf(Object.assign(new Error('x'), { code: 5 }))).toBe(null)
    expect(codeOf(new Error('x'))).toBe(null)
    expect(codeOf({ code: 'EADDRINUSE' })).toBe(null)
  })
})

async function open(
  hosts: readonly string[],
  port: number,
  accept: (socket: Socket) => void = (socket) => socket.destroy(),
): Promise<readonly Listener[]> {
  const listeners = await openListeners(hosts, port, accept, unexpected)
  opened.push(...listeners)
  return listeners
}

/** Connects, and waits for the other side to hang up. */
async function visit(host: string, port: number): Promise<void> {
  const socket = connect(port, host)
  await once(socket, 'connect')
  socket.resume()
  await once(socket, 'close')
}

async function occupied(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function unexpected(error: Error): void {
  throw error
}
