/**
 * One connection that publishes as fast as the broker reads, and one that consumes the same queue as fast as it can; at
 * most `window` bytes of bodies are between the two. Tells its parent how many messages it has consumed when asked;
 * ends with the parent.
 *
 *     firehose-program.ts URL BODY_SIZE
 */
import { publishFrames } from '../../../conformance/support/frames.ts'
import { LoadConnection } from '../load/connection.ts'

const WINDOW_BYTES = 8_388_608
const BATCH_BYTES = 262_144

const [url = '', size = '16'] = process.argv.slice(2)
const bodySize = Number(size)
const publisher = await LoadConnection.open(url)
const consumer = await LoadConnection.open(url)
const queue = 'firehose'
await consumer.call(1, 'queue.declare', { queue, exclusive: true })
const message = publishFrames(1, { routingKey: queue }, Buffer.alloc(bodySize))
const perBatch = Math.max(1, Math.floor(BATCH_BYTES / message.length))
const batch = Buffer.concat(new Array(perBatch).fill(message))
const window = Math.max(2 * perBatch, Math.min(20_000, Math.floor(WINDOW_BYTES / bodySize)))

let sent = 0
let received = 0
let isFull = false

function pump(): void {
  while (!isFull && sent + perBatch - received <= window) {
    sent += perBatch
    isFull = !publisher.socket.write(batch)
  }
}

publisher.socket.on('drain', () => {
  isFull = false
  pump()
})
consumer.sink = {
  onConfirm() {},
  onDeliver() {
    received++
  },
  onPause: pump,
}
await consumer.call(1, 'basic.consume', { queue, noAck: true })
pump()

process.on('message', () => process.send?.(received))
process.on('disconnect', () => process.exit())
process.send?.(0)
