/**
 * Sends messages to an echo as fast as it returns them, for some seconds: `echo-client.ts PORT tcp|tls SIZE SECONDS`.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { PSK } from './psk.ts'
import { messagesOf } from './samples.ts'

const [, , port, kind, size, seconds] = process.argv
const { bytes } = messagesOf(Number(size))
const target = { host: '127.0.0.1', port: Number(port) }
const socket: Socket =
  kind === 'tls'
    ? connectTls({ ...target, ...PSK, checkServerIdentity: () => undefined })
    : connect(target)
socket.setNoDelay(true)

const WINDOW_BYTES = 1_048_576
let waiting = 0

function pump(): void {
  while (waiting < WINDOW_BYTES) {
    waiting += bytes.length
    socket.write(bytes)
  }
}

socket.on('data', (chunk) => {
  waiting -= chunk.length
  pump()
})
socket.on(kind === 'tls' ? 'secureConnect' : 'connect', pump)
setTimeout(() => process.exit(), Number(seconds) * 1000)
