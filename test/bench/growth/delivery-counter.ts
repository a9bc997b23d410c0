import { once } from 'node:events'
import type { Socket } from 'node:net'
import { FRAME_METHOD, FRAME_OVERHEAD, methodFrame } from '../../../conformance/support/frames.ts'
import type { LoadConnection } from '../load/connection.ts'

/**
 * Takes a connection over once its consumers are there, and only counts what is delivered: it looks at the head of
 * each frame and skips the rest, so that it is never slower than a broker. Consumers must be on channel 1.
 */
export class DeliveryCounter {
  received = 0
  acked = 0
  /** Called when something has come, with how many deliveries began in it. */
  onProgress = (_count: number) => {}
  private readonly socket: Socket
  private head: Buffer = EMPTY // of a frame, cut off by the end of a chunk
  private skipped = 0 // bytes still to come of the frame at hand

  constructor({ socket }: LoadConnection) {
    this.socket = socket
    socket.removeAllListeners('data')
    socket.on('data', (chunk) => {
      const before = this.received
      this.read(chunk)
      this.onProgress(this.received - before)
    })
  }

  /** Acknowledges the first `count` that came. */
  ack(count: number): void {
    this.acked = count
    this.socket.write(methodFrame(1, 'basic.ack', { deliveryTag: count, multiple: true }))
  }

  private read(chunk: Buffer): void {
    const bytes = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk])
    let at = this.skipped
    while (at + HEAD_SIZE <= bytes.length) {
      if (bytes[at] === FRAME_METHOD) this.onMethod(bytes.readUInt32BE(at + 7))
      at += bytes.readUInt32BE(at + 3) + FRAME_OVERHEAD
    }
    this.skipped = Math.max(0, at - bytes.length)
    this.head = at < bytes.length ? Buffer.from(bytes.subarray(at)) : EMPTY
  }

  private onMethod(id: number): void {
    if (id !== BASIC_DELIVER) throw new Error(`method ${id.toString(16)} instead of a delivery`)
    this.received++
  }
}

/** Writes to a connection; waits for the socket when it is full. */
export async function write({ socket }: LoadConnection, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain')
}

/** A frame's header and the id of a method. */
const HEAD_SIZE = 11
const BASIC_DELIVER = 0x003c_003c
const EMPTY = Buffer.alloc(0)
