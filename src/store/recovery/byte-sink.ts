/** Bytes that grow. Numbers are little-endian. */
export class ByteSink {
  private bytes = Buffer.allocUnsafe(65_536)
  private at = 0

  get size(): number {
    return this.at
  }

  u8(value: number): void {
    this.reserve(1)
    this.bytes[this.at++] = value
  }

  u32(value: number): void {
    this.reserve(4)
    this.at = this.bytes.writeUInt32LE(value, this.at)
  }

  u48(value: number): void {
    this.reserve(6)
    this.at = this.bytes.writeUIntLE(value, this.at, 6)
  }

  /** With their number (4) before them. */
  sized(bytes: Uint8Array): void {
    this.reserve(4 + bytes.length)
    this.bytes.set(bytes, this.bytes.writeUInt32LE(bytes.length, this.at))
    this.at += 4 + bytes.length
  }

  /** What has been written so far. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.at)
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}

/** Reads what a ByteSink has written. Throws a RangeError at the end of the bytes. */
export class ByteSource {
  private readonly bytes: Buffer
  private at: number

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  u8(): number {
    const value = this.bytes.readUInt8(this.at)
    this.at += 1
    return value
  }

  u32(): number {
    const value = this.bytes.readUInt32LE(this.at)
    this.at += 4
    return value
  }

  u48(): number {
    const value = this.bytes.readUIntLE(this.at, 6)
    this.at += 6
    return value
  }

  sized(): Buffer {
    const size = this.u32()
    if (this.at + size > this.bytes.length) throw new RangeError('the bytes end too early')
    this.at += size
    return this.bytes.subarray(this.at - size, this.at)
  }
}
