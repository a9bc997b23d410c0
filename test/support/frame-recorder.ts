import {
  FRAME_BODY,
  type FrameSink,
  KEEPABLE_SIZE,
  PART_SIZE,
} from '../../src/wire/frame-reader.ts'

/**
 * Writes down what a FrameReader finds. The parts of a large body, and large bodies that follow each other on one
 * channel, become one entry: where they are cut is up to the reader. Slices that a sink may keep are kept.
 */
export class FrameRecorder implements FrameSink {
  readonly frames: string[] = []
  /** Sizes of the parts that came by `onBodyPart`. */
  readonly partSizes: number[] = []
  /** What may be kept beyond the call, and a copy from the time of the call. */
  readonly kept: { readonly slice: Buffer; readonly copy: Buffer }[] = []
  /** Called after each frame or part was written down. */
  afterEach: () => void = () => {}
  private large: { readonly channel: number; readonly parts: Buffer[] } | null = null

  onFrame(type: number, channel: number, bytes: Buffer, start: number, end: number): void {
    if (type === FRAME_BODY && end - start >= PART_SIZE) this.addLarge(channel, bytes, start, end)
    else {
      this.endLarge()
      if (type === FRAME_BODY) this.keep(bytes.subarray(start, end))
      this.frames.push(`${type}/${channel}/${bytes.toString('hex', start, end)}`)
    }
    this.afterEach()
  }

  onBodyPart(channel: number, bytes: Buffer, start: number, end: number): void {
    this.partSizes.push(end - start)
    this.addLarge(channel, bytes, start, end)
    this.afterEach()
  }

  /** Everything so far. */
  finish(): readonly string[] {
    this.endLarge()
    return this.frames
  }

  private addLarge(channel: number, bytes: Buffer, start: number, end: number): void {
    if (this.large?.channel !== channel) {
      this.endLarge()
      this.large = { channel, parts: [] }
    }
    const slice = bytes.subarray(start, end)
    this.large?.parts.push(Buffer.from(slice))
    this.keep(slice)
  }

  private keep(slice: Buffer): void {
    if (slice.length >= KEEPABLE_SIZE) this.kept.push({ slice, copy: Buffer.from(slice) })
  }

  private endLarge(): void {
    if (this.large === null) return
    const { channel, parts } = this.large
    this.large = null
    this.frames.push(`${FRAME_BODY}/${channel}/${Buffer.concat(parts).toString('hex')}`)
  }
}
