import { crc32 } from 'node:zlib'

/** Bytes of the number and the checksum, before the filling. */
export const MIN_BODY_SIZE = 12

/** A body that carries its number, and a checksum over that and a filling which differs from body to body. */
export function numberedBody(number: number, size: number): Buffer {
  const body = Buffer.allocUnsafe(size)
  body.writeDoubleBE(number, 4)
  let seed = (number + 1) * 2_654_435_761
  let at = MIN_BODY_SIZE
  for (; at + 4 <= size; at += 4) {
    seed = Math.imul(seed, 1_664_525) + 1_013_904_223
    body.writeInt32LE(seed | 0, at)
  }
  body.fill(number & 0xff, at)
  body.writeUInt32BE(crc32(body.subarray(4)), 0)
  return body
}

/** The number of a body; null when a byte of it has changed. */
export function numberOf(body: Buffer): number | null {
  if (body.length < MIN_BODY_SIZE || body.readUInt32BE(0) !== crc32(body.subarray(4))) return null
  return body.readDoubleBE(4)
}
