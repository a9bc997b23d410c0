import type { Endpoints, Transport, TransportHandler } from '../../src/protocol/transport.ts'
import { KEEPABLE_SIZE } from '../../src/wire/frame-reader.ts'
import type { Batch, BlockPool } from '../../src/wire/output.ts'

/**
 * A connection without a socket: what the server sends waits here until the client's side reads it, and the other
 * way round. Like a socket it calls its handler later, never from within a call of the handler: `defer` says when.
 */
export class MemoryTransport implements Transport {
  readonly endpoints: Endpoints
  unsentSize = 0
  isPaused = false
  /** The server has closed its end, behind what it sent. */
  isEnded = false
  isClosed = false
  /** The client keeps its end open when the server has closed its own. */
  staysOpen = false
  private readonly blocks: BlockPool
  private readonly defer: (work: () => void) => void
  private handler: TransportHandler | null = null
  private unsent: Batch[] = []
  private incoming: Buffer[] = [] // chunks that came while paused
  private isReading = true // the client's side
  private taken: Buffer[] = []

  constructor(endpoints: Endpoints, blocks: BlockPool, defer: (work: () => void) => void) {
    this.endpoints = endpoints
    this.blocks = blocks
    this.defer = defer
  }

  attach(handler: TransportHandler): void {
    this.handler = handler
  }

  /** Bytes that the client has sent and the server has not read. */
  get unreadSize(): number {
    return this.incoming.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  send(batch: Batch): void {
    if (this.isEnded || this.isClosed) return
    this.unsent.push(batch)
    this.unsentSize += batch.size
    if (this.isReading) this.defer(this.passOn)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.defer(this.readOn)
  }

  end(): void {
    this.isEnded = true
    this.defer(this.hangUp)
  }

  destroy(): void {
    this.defer(() => this.close(null))
  }

  /** The client sends these bytes in one piece. */
  receive(chunk: Buffer): void {
    if (this.isClosed) return
    if (this.isPaused) {
      this.incoming.push(chunk)
      return
    }
    this.handler?.receive(chunk)
    // what was lent must not be needed any more: only bodies of some size may be kept
    if (chunk.length < KEEPABLE_SIZE && !this.isPaused) chunk.fill(0xee)
  }

  /** The client's side goes away. */
  close(error: Error | null): void {
    if (this.isClosed) return
    this.passOn()
    this.isClosed = true
    this.incoming = []
    this.handler?.closed(error)
  }

  stopReading(): void {
    this.isReading = false
  }

  startReading(): void {
    this.isReading = true
    this.defer(this.passOn)
    this.defer(this.hangUp)
  }

  /** What the client's side has read since the last call. */
  take(): Buffer {
    const bytes = Buffer.concat(this.taken)
    this.taken = []
    return bytes
  }

  private readonly passOn = (): void => {
    if (!this.isReading || this.unsent.length === 0) return
    for (const { pieces, blocks } of this.unsent) {
      // copied now and not when it was sent: until here the bytes must stay as they are
      for (const piece of pieces) this.taken.push(Buffer.from(piece))
      this.blocks.giveBack(blocks)
    }
    this.unsent = []
    this.unsentSize = 0
    this.handler?.drained()
  }

  /** The client has read to the end. */
  private readonly hangUp = (): void => {
    if (this.isEnded && this.isReading && !this.staysOpen) this.close(null)
  }

  private readonly readOn = (): void => {
    while (!this.isPaused && !this.isClosed) {
      const chunk = this.incoming.shift()
      if (chunk === undefined) return
      this.receive(chunk)
    }
  }
}
