import { crc32 } from 'node:zlib'
import { decodeDefinition } from '../definitions/definition-codec.ts'
import { encodeHeader, HEADER_SIZE } from '../log/format.ts'
import { decodeLaneName, encodeLaneName } from '../log/lane-name.ts'
import type { FileLane } from '../segments/file-lane.ts'
import { Holding } from '../segments/holding.ts'
import { Ranges } from '../segments/ranges.ts'
import type { Segment } from '../segments/segment.ts'
import type { StoreState } from '../state.ts'
import { ByteSink, ByteSource } from './byte-sink.ts'

/** What a checkpoint says besides the state: everything in the log before `replayFrom` is in it. */
export interface CheckpointFacts {
  /** Of the first log file whose records are to be applied to it. */
  readonly replayFrom: number
  /** The log file before that, and where it ends. */
  readonly end: { readonly number: number; readonly size: number }
  /** The broker was closed with it: what had been handed out is known exactly. */
  readonly isClean: boolean
}

/** The whole content of a checkpoint file. The indexes of all sealed segments must have been encoded. */
export function encodeCheckpoint(
  number: number,
  facts: CheckpointFacts,
  state: StoreState,
): readonly Uint8Array[] {
  const sink = new ByteSink()
  sink.u32(state.seed)
  sink.u8(facts.isClean ? 1 : 0)
  sink.u48(facts.replayFrom)
  sink.u48(facts.end.number)
  sink.u48(facts.end.size)
  sink.u32(state.nextLaneId)
  const definitions = state.catalog.encoded()
  sink.u32(definitions.length)
  for (const definition of definitions) sink.sized(definition)
  sink.u32(state.lanes.size)
  for (const lane of state.lanes.values()) writeLane(sink, lane)
  const segments = state.segments.filter((segment) => segment.isSealed)
  sink.u32(segments.length)
  for (const segment of segments) writeSegment(sink, segment)
  const content = sink.finish()
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(crc32(content))
  const header = { kind: 'checkpoint', number, previous: 0, previousSize: 0 } as const
  return [encodeHeader(header), content, checksum]
}

/** Whether the bytes of a checkpoint file behind its header are what was written. */
export function isCheckpointWhole(bytes: Buffer): boolean {
  const end = bytes.length - 4
  return end > HEADER_SIZE && crc32(bytes.subarray(HEADER_SIZE, end)) === bytes.readUInt32LE(end)
}

/** Puts what a checkpoint says into an empty state. */
export function decodeCheckpoint(bytes: Buffer, state: StoreState): CheckpointFacts {
  const source = new ByteSource(bytes, HEADER_SIZE)
  state.seed = source.u32()
  const isClean = source.u8() === 1
  const replayFrom = source.u48()
  const end = { number: source.u48(), size: source.u48() }
  state.nextLaneId = source.u32()
  for (let left = source.u32(); left > 0; left--) {
    const encoded = source.sized()
    state.catalog.apply(decodeDefinition(encoded), encoded)
  }
  for (let left = source.u32(); left > 0; left--) readLane(source, state)
  for (let left = source.u32(); left > 0; left--) readSegment(source, state)
  return { isClean, replayFrom, end }
}

function writeLane(sink: ByteSink, lane: FileLane): void {
  sink.u32(lane.id)
  sink.sized(encodeLaneName(lane.name))
  sink.u48(lane.latest)
  sink.u48(lane.unsureTo)
  sink.u32(lane.returns.size)
  for (const [ordinal, { acquiredCount, failedCount }] of lane.returns) {
    sink.u48(ordinal)
    sink.u32(acquiredCount)
    sink.u32(failedCount)
  }
}

function readLane(source: ByteSource, state: StoreState): void {
  const id = source.u32()
  const lane = state.addLane(decodeLaneName(source.sized()), id)
  lane.latest = source.u48()
  lane.unsureTo = source.u48()
  for (let left = source.u32(); left > 0; left--) {
    lane.returns.set(source.u48(), { acquiredCount: source.u32(), failedCount: source.u32() })
  }
}

function writeSegment(sink: ByteSink, segment: Segment): void {
  sink.u48(segment.number)
  sink.u32(segment.generation)
  sink.u48(segment.size)
  sink.u48(segment.totalCount)
  sink.u48(segment.totalBytes)
  const holdings = [...segment.holdings.values()].filter((holding) => holding.keptCount > 0)
  sink.u32(holdings.length)
  for (const holding of holdings) {
    sink.u32(holding.lane.id)
    sink.u48(holding.first)
    sink.u48(holding.last)
    sink.u32(holding.count)
    sink.u32(holding.keptCount)
    sink.u48(holding.keptBytes)
    sink.u48(holding.indexAt)
    const gone = holding.gone.flat
    sink.u32(gone.length)
    for (const bound of gone) sink.u48(bound)
  }
}

function readSegment(source: ByteSource, state: StoreState): void {
  const segment = state.newSegment(source.u48(), source.u32())
  const size = source.u48()
  segment.totalCount = source.u48()
  segment.totalBytes = source.u48()
  for (let left = source.u32(); left > 0; left--) readHolding(source, segment, state)
  segment.seal(size)
  segment.isIndexed = true
  state.segments.push(segment)
}

function readHolding(source: ByteSource, segment: Segment, state: StoreState): void {
  const lane = state.lanes.get(source.u32())
  if (lane === undefined) throw new RangeError('a segment names a lane that is not there')
  const holding = new Holding(lane, segment, null)
  holding.first = source.u48()
  holding.last = source.u48()
  holding.count = source.u32()
  holding.liveCount = source.u32()
  holding.liveBytes = source.u48()
  holding.indexAt = source.u48()
  holding.settled = new Ranges(Array.from({ length: source.u32() }, () => source.u48()))
  segment.holdings.set(lane, holding)
  segment.liveCount += holding.liveCount
  segment.liveBytes += holding.liveBytes
  lane.holdings.push(holding)
}
