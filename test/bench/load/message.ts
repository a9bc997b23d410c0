import { publishFrames } from '../../../conformance/support/frames.ts'

/** Where a body carries its number. */
const NUMBER_SIZE = 4

/** A persistent message, encoded to be sent again and again with another number each time. */
export class NumberedMessage {
  readonly frames: Buffer
  private readonly numberAt: number

  constructor(channel: number, queue: string, bodySize: number) {
    if (bodySize < NUMBER_SIZE) throw new Error(`a body needs ${NUMBER_SIZE} bytes`)
    const body = Buffer.alloc(bodySize, 'x')
    this.frames = publishFrames(channel, { routingKey: queue }, body, { deliveryMode: 2 })
    this.numberAt = this.frames.length - 1 - bodySize
  }

  /** Writes the number into a copy of the frames that begins at `at`. */
  writeNumber(number: number, target: Buffer, at = 0): void {
    target.writeUInt32BE(number, at + this.numberAt)
  }
}

/** The number in a body that begins at `at`. */
export function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at)
}
