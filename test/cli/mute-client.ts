import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A client that logs in as guest and from then on answers nothing, not even connection.close. */
export async function connectMuteClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  for (const bytes of [PROTOCOL_HEADER, START_OK, Buffer.concat([TUNE_OK, OPEN])]) {
    socket.write(bytes)
    await once(socket, 'data')
  }
  return socket
}

const PROTOCOL_HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1')
const START_OK = methodFrame(
  '000a000b', // connection.start-ok
  '00000000', // no client properties
  `05${hex('PLAIN')}`,
  `0000000c${hex('\0guest\0guest')}`,
  `05${hex('en_US')}`,
)
const TUNE_OK = methodFrame('000a001f', '07ff', '00020000', '0000') // no heartbeats
const OPEN = methodFrame('000a0028', `01${hex('/')}`, '00', '00')

function methodFrame(...parts: readonly string[]): Buffer {
  const payload = Buffer.from(parts.join(''), 'hex')
  const header = Buffer.alloc(7)
  header.writeUInt8(1)
  header.writeUInt32BE(payload.length, 3)
  return Buffer.concat([header, payload, Buffer.from([0xce])])
}

function hex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex')
}
