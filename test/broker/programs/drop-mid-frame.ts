/**
 * Opens connections and drops each in the middle of something: the protocol header, a method, a content header, a
 * body. Prints what memory the process holds after each 250 as JSON lines, and how many connections the broker
 * noticed to be gone. Run with --expose-gc.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { bodyFrame, headerFrame, methodFrame } from '../../../conformance/support/frames.ts'
import { createBroker } from '../../../src/index.ts'
import { memoryAfterCollection } from '../../bench/memory.ts'
import { connectMuteClient } from '../../cli/mute-client.ts'
import { LogLines } from '../log-lines.ts'

const BATCHES = 4
const BATCH_SIZE = 250

const log = new LogLines()
const broker = await createBroker({ logger: log })
const { port } = broker.amqp

const PUBLISH = methodFrame(1, 'basic.publish', { routingKey: 'q' })
const HEADER = headerFrame(1, 1_048_576)
const BODY = bodyFrame(1, Buffer.alloc(131_064))
const DECLARE = methodFrame(1, 'queue.declare', { exclusive: true })
const CONSUME = methodFrame(1, 'basic.consume')
const STARTS = [
  DECLARE.subarray(0, 3),
  DECLARE.subarray(0, -1),
  Buffer.concat([DECLARE, CONSUME, PUBLISH, HEADER.subarray(0, 12)]),
  Buffer.concat([PUBLISH, HEADER, BODY, BODY, BODY.subarray(0, 70_000)]),
]

/** The client has sent half of something. */
async function openHalfway(i: number): Promise<Socket> {
  const kind = i % (STARTS.length + 1)
  if (kind === STARTS.length) {
    const socket = connect(port, '127.0.0.1')
    socket.write('AMQP\0')
    await once(socket, 'connect')
    return socket
  }
  const socket = await connectMuteClient(port)
  socket.write(methodFrame(1, 'channel.open'))
  await once(socket, 'data')
  await new Promise((resolve) => socket.write(STARTS[kind] ?? '', resolve))
  return socket
}

for (let batch = 1; batch <= BATCHES; batch++) {
  for (let i = 0; i < BATCH_SIZE; i++) {
    const socket = await openHalfway(i)
    if (i % 2 === 0) socket.destroy()
    else socket.resetAndDestroy()
  }
  const dropped = (await log.until('closing AMQP connection', BATCH_SIZE)).length
  log.lines.length = 0
  console.log(JSON.stringify({ dropped, ...(await memoryAfterCollection()) }))
}
await broker.close()
