/** Big-endian numbers and strings as AMQP writes them, each as a buffer of its own. */
export const bytes = {
  u8: (value: number) => Buffer.from([value & 0xff]),
  u16: (value: number) => filled(2, (buffer) => buffer.writeUInt16BE(value)),
  u32: (value: number) => filled(4, (buffer) => buffer.writeUInt32BE(value)),
  u64: (value: number | bigint) => filled(8, (buffer) => buffer.writeBigUInt64BE(BigInt(value))),
  i8: (value: number) => filled(1, (buffer) => buffer.writeInt8(value)),
  i16: (value: number) => filled(2, (buffer) => buffer.writeInt16BE(value)),
  i32: (value: number) => filled(4, (buffer) => buffer.writeInt32BE(value)),
  i64: (value: number | bigint) => filled(8, (buffer) => buffer.writeBigInt64BE(BigInt(value))),
  f32: (value: number) => filled(4, (buffer) => buffer.writeFloatBE(value)),
  f64: (value: number) => filled(8, (buffer) => buffer.writeDoubleBE(value)),
  shortstr: (value: string | Buffer) => {
    const content = Buffer.from(value)
    if (content.length > 255) throw new Error(`short string of ${content.length} bytes`)
    return Buffer.concat([bytes.u8(content.length), content])
  },
  longstr: (value: string | Buffer) => {
    const content = Buffer.from(value)
    return Buffer.concat([bytes.u32(content.length), content])
  },
}

/** Reads the same values back, from the front of a buffer to its end. */
export class ByteReader {
  private readonly source: Buffer
  private position = 0

  constructor(source: Buffer) {
    this.source = source
  }

  get isAtEnd(): boolean {
    return this.position === this.source.length
  }

  take(size: number): Buffer {
    if (this.position + size > this.source.length) {
      throw new Error(`${size} bytes wanted at ${this.position} of ${this.source.length}`)
    }
    this.position += size
    return this.source.subarray(this.position - size, this.position)
  }

  u8 = () => this.take(1).readUInt8()
  u16 = () => this.take(2).readUInt16BE()
  u32 = () => this.take(4).readUInt32BE()
  u64 = () => this.take(8).readBigUInt64BE()
  i8 = () => this.take(1).readInt8()
  i16 = () => this.take(2).readInt16BE()
  i32 = () => this.take(4).readInt32BE()
  i64 = () => this.take(8).readBigInt64BE()
  f32 = () => this.take(4).readFloatBE()
  f64 = () => this.take(8).readDoubleBE()
  shortstr = () => this.take(this.u8()).toString('utf8')
  longstr = () => Buffer.from(this.take(this.u32()))
}

function filled(size: number, fill: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(size)
  fill(buffer)
  return buffer
}
