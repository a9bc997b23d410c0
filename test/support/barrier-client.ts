import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from './encode-method.ts'
import { type Frame, FrameSplitter } from './frames.ts'
import { assemble, openChannel, openVhost, type Received, startOk, tuneOk } from './test-client.ts'

/** A client over a socket that waits, after each thing it says, until the broker has done all that follows from it. */
export class BarrierClient {
  private readonly socket: Socket
  private readonly splitter = new FrameSplitter()
  private frames: Frame[] = []
  private wake: (() => void) | null = null
  private error: Error | null = null

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.frames.push(...this.splitter.push(chunk))
      this.wake?.()
    })
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(new Error('the connection is closed')))
  }

  /** Connects as guest; channel `BARRIER` is open and reserved. */
  static async connect(port: number): Promise<BarrierClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const client = new BarrierClient(socket)
    socket.write(PROTOCOL_HEADER)
    await client.until(wire.CONNECTION_START)
    socket.write(startOk())
    await client.until(wire.CONNECTION_TUNE)
    socket.write(Buffer.concat([tuneOk(), openVhost('/'), openChannel(BARRIER)]))
    await client.until(wire.CHANNEL_OPEN_OK)
    client.frames = []
    return client
  }

  /**
   * Says something; returns all that came because of it. The answer to a barrier behind it shows that it has been
   * read, the answer to a second one that the turn in which that happened is over.
   */
  async ask(...pieces: readonly Uint8Array[]): Promise<Received[]> {
    this.socket.write(Buffer.concat([...pieces, FLOW]))
    await this.until(wire.CHANNEL_FLOW_OK, 1)
    this.socket.write(FLOW)
    await this.until(wire.CHANNEL_FLOW_OK, 2)
    const received = assemble(this.frames)
    this.frames = []
    return received.filter((method) => method.channel !== BARRIER)
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close')
    this.socket.removeAllListeners('error')
    this.socket.on('error', () => {})
    this.socket.destroy()
    await closed
  }

  private async until(methodId: number, count = 1): Promise<void> {
    for (;;) {
      if (this.error !== null) throw this.error
      const close = this.frames.find(isMethod(wire.CONNECTION_CLOSE))
      if (close !== undefined) assert.fail(`connection closed: ${close.payload.toString('latin1')}`)
      if (this.frames.filter(isMethod(methodId)).length >= count) return
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }

  private fail(error: Error): void {
    this.error ??= error
    this.wake?.()
  }
}

/** The channel on which a client asks whether everything has been done. */
const BARRIER = 2047
const FLOW = encodeMethod(BARRIER, { id: wire.CHANNEL_FLOW, active: true })

function isMethod(id: number): (frame: Frame) => boolean {
  return ({ type, payload }) => type === 1 && payload.readUInt32BE(0) === id
}
