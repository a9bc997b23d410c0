/**
 * The checksum of `bytes[start..end)`, from 0 to 2^32 - 1: XXH32 (xxHash specification 0.1.1). Records have this one, and not
 * the CRC-32 of all other files, for the sake of `npm run bench:micro`, journal: of a small record most of that is
 * the call out of JavaScript, and for large ones Node 20 has no quick one.
 */
export function checksumOf(bytes: DataView, start: number, end: number, seed: number): number {
  reset(lanes, seed)
  const at = addStripes(lanes, bytes, start, end)
  return finish(lanes, seed, end - start, bytes, at, end)
}

/** The same for bytes that do not lie together: `add` is called for each stretch of them, then `end`. */
export class Checksum {
  private readonly lanes = new Int32Array(LANE_COUNT)
  private readonly seed: number
  private size = 0
  private readonly rest = new DataView(new ArrayBuffer(STRIPE)) // bytes that fill no stripe yet
  private restSize = 0

  constructor(seed: number) {
    this.seed = seed
    reset(this.lanes, seed)
  }

  /** Takes `bytes[start..end)`. */
  add(bytes: DataView, start: number, end: number): void {
    this.size += end - start
    let at = start
    if (this.restSize > 0) {
      at = this.addToRest(bytes, at, end)
      if (this.restSize < STRIPE) return
      addStripes(this.lanes, this.rest, 0, STRIPE)
      this.restSize = 0
    }
    at = addStripes(this.lanes, bytes, at, end)
    this.addToRest(bytes, at, end)
  }

  end(): number {
    return finish(this.lanes, this.seed, this.size, this.rest, 0, this.restSize)
  }

  /** Takes what there is room for; returns where the others begin. */
  private addToRest(bytes: DataView, start: number, end: number): number {
    let at = start
    while (at < end && this.restSize < STRIPE) {
      this.rest.setUint8(this.restSize++, bytes.getUint8(at++))
    }
    return at
  }
}

/** The bytes as checksums are taken of them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function reset(to: Int32Array, seed: number): void {
  to[0] = seed + PRIME_1 + PRIME_2
  to[1] = seed + PRIME_2
  to[2] = seed
  to[3] = seed - PRIME_1
}

/** Takes the bytes that fill stripes; returns where the others begin. */
function addStripes(to: Int32Array, bytes: DataView, start: number, end: number): number {
  const prime1 = PRIME_1 | 0 // in the bundle a constant of the module is a variable
  const prime2 = PRIME_2 | 0
  let a = to[0]!
  let b = to[1]!
  let c = to[2]!
  let d = to[3]!
  let at = start
  for (const last = end - STRIPE; at <= last; at += STRIPE) {
    a = Math.imul(rotated((a + Math.imul(bytes.getInt32(at, true), prime2)) | 0, 13), prime1)
    b = Math.imul(rotated((b + Math.imul(bytes.getInt32(at + 4, true), prime2)) | 0, 13), prime1)
    c = Math.imul(rotated((c + Math.imul(bytes.getInt32(at + 8, true), prime2)) | 0, 13), prime1)
    d = Math.imul(rotated((d + Math.imul(bytes.getInt32(at + 12, true), prime2)) | 0, 13), prime1)
  }
  to[0] = a
  to[1] = b
  to[2] = c
  to[3] = d
  return at
}

/** `bytes[start..end)` fill no stripe; `size` is that of all there were. */
function finish(
  from: Int32Array,
  seed: number,
  size: number,
  bytes: DataView,
  start: number,
  end: number,
): number {
  let hash = seed + PRIME_5
  if (size >= STRIPE) {
    hash =
      rotated(from[0]!, 1) + rotated(from[1]!, 7) + rotated(from[2]!, 12) + rotated(from[3]!, 18)
  }
  hash = (hash + size) | 0
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(
      rotated((hash + Math.imul(bytes.getInt32(at, true), PRIME_3)) | 0, 17),
      PRIME_4,
    )
  }
  for (; at < end; at++) {
    hash = Math.imul(rotated((hash + Math.imul(bytes.getUint8(at), PRIME_5)) | 0, 11), PRIME_1)
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** Bytes that are taken at once, four by each lane. */
const STRIPE = 16
const LANE_COUNT = 4

const PRIME_1 = 0x9e3779b1 | 0
const PRIME_2 = 0x85ebca77 | 0
const PRIME_3 = 0xc2b2ae3d | 0
const PRIME_4 = 0x27d4eb2f | 0
const PRIME_5 = 0x165667b1 | 0

/** Of the checksum that is being made. */
const lanes = new Int32Array(LANE_COUNT)
