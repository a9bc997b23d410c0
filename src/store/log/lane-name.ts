import type { LaneName } from '../../core/ports.ts'

/** Level (1), flags (1), then vhost and name, each with its size (4) before. */
export function encodeLaneName({ vhost, kind, name, level, durable }: LaneName): Buffer {
  const [vhostBytes, nameBytes] = [Buffer.from(vhost), Buffer.from(name)]
  const bytes = Buffer.allocUnsafe(2 + 4 + vhostBytes.length + 4 + nameBytes.length)
  bytes[0] = level
  bytes[1] = (kind === 'exchange' ? EXCHANGE : 0) | (durable ? DURABLE : 0)
  const at = bytes.writeUInt32LE(vhostBytes.length, 2)
  vhostBytes.copy(bytes, at)
  nameBytes.copy(bytes, bytes.writeUInt32LE(nameBytes.length, at + vhostBytes.length))
  return bytes
}

/** Throws a RangeError for bytes that are none. */
export function decodeLaneName(bytes: Buffer): LaneName {
  const vhostEnd = 6 + bytes.readUInt32LE(2)
  const nameEnd = vhostEnd + 4 + bytes.readUInt32LE(vhostEnd)
  if (nameEnd > bytes.length) throw new RangeError('the name of the lane ends too early')
  return {
    level: bytes[0]!,
    kind: (bytes[1]! & EXCHANGE) === 0 ? 'queue' : 'exchange',
    durable: (bytes[1]! & DURABLE) !== 0,
    vhost: bytes.toString('utf8', 6, vhostEnd),
    name: bytes.toString('utf8', vhostEnd + 4, nameEnd),
  }
}

/** Equal for equal names. */
export function laneKey({ vhost, kind, name, level }: LaneName): string {
  return `${kind} ${level} ${vhost}\0${name}`
}

const EXCHANGE = 1
const DURABLE = 2
