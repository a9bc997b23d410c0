import { methodFrame } from '../../../conformance/support/frames.ts'
import type { LoadConnection } from './connection.ts'

/** Acknowledges deliveries of channel 1, many at a time. */
export class Acknowledger {
  private readonly connection: LoadConnection
  private readonly every: number
  private lastTag = 0
  private ackedTag = 0

  /** One acknowledgement for so many deliveries; 0 for none at all. */
  constructor(connection: LoadConnection, every: number) {
    this.connection = connection
    this.every = every
  }

  take(tag: number): void {
    this.lastTag = tag
    if (this.every > 0 && tag - this.ackedTag >= this.every) this.flush()
  }

  /** Acknowledges what is not yet. */
  flush(): void {
    if (this.every === 0 || this.lastTag === this.ackedTag) return
    this.ackedTag = this.lastTag
    const frame = Buffer.from(ACK_FRAME)
    frame.writeBigUInt64BE(BigInt(this.lastTag), TAG_AT)
    this.connection.socket.write(frame)
  }
}

const ACK_FRAME = methodFrame(1, 'basic.ack', { multiple: true })
/** Where basic.ack has its delivery tag: behind the frame's header and the method's id. */
const TAG_AT = 11
