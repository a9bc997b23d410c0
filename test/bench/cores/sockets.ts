import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { atExit } from '../at-exit.ts'
import { KEY, PSK } from './psk.ts'
import { messagesOf } from './samples.ts'

const MEASURED_SECONDS = 1
const RAMP_SECONDS = 0.7

/** CPU of reading a message from a socket and writing it to one, in microseconds. */
export async function socketMicroseconds(kind: 'tcp' | 'tls', bodySize: number): Promise<number> {
  let echoed = 0
  const echo = (socket: Socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy()) // the client just ends
    socket.on('data', (chunk) => {
      echoed += chunk.length
      socket.write(chunk)
    })
  }
  const server = listen(kind, echo)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const client = fork(fileURLToPath(new URL('echo-client.ts', import.meta.url)), [
    ...[address.port, kind, bodySize, 30].map(String),
  ])
  atExit(() => client.kill('SIGKILL'))
  while (echoed === 0) await setTimeout(10)
  await setTimeout(RAMP_SECONDS * 1000)
  const before = process.cpuUsage()
  const start = echoed
  await setTimeout(MEASURED_SECONDS * 1000)
  const { user, system } = process.cpuUsage(before)
  const bytes = echoed - start
  const closed = once(client, 'close')
  client.kill('SIGKILL')
  await closed
  server.close()
  const sample = messagesOf(bodySize)
  return (user + system) / ((bytes / sample.bytes.length) * sample.count)
}

function listen(kind: 'tcp' | 'tls', echo: (socket: Socket) => void): Server {
  if (kind === 'tcp') return createServer(echo)
  const { ciphers, maxVersion } = PSK
  return createTlsServer({ ciphers, maxVersion, pskCallback: () => KEY }, echo)
}
