import type { LaneName } from '../../core/ports.ts'
import type { Batch } from './batch.ts'
import { RECORD } from './format.ts'
import { decodeLaneName, encodeLaneName } from './lane-name.ts'

/** The records that say what becomes of messages and lanes; all but messages and definitions. */
export function writeSettle(batch: Batch, laneId: number, range: SettledRange): void {
  batch.begin(4 + 2 * 6)
  const { block, at } = batch
  block.writeUInt32LE(laneId, at)
  block.writeUIntLE(range.from, at + 4, 6)
  block.writeUIntLE(range.to, at + 10, 6)
  batch.at = at + 16
  batch.end(RECORD.SETTLE, null)
}

/** Ordinals of messages that a queue is done with, both included. */
export interface SettledRange {
  readonly from: number
  readonly to: number
}

export function readSettle(payload: Buffer): SettledRange {
  return { from: payload.readUIntLE(4, 6), to: payload.readUIntLE(10, 6) }
}

export function writeReturn(batch: Batch, laneId: number, ordinal: number, counts: Counts): void {
  batch.begin(4 + 6 + 4 + 4)
  const { block, at } = batch
  block.writeUInt32LE(laneId, at)
  block.writeUIntLE(ordinal, at + 4, 6)
  block.writeUInt32LE(counts.acquiredCount, at + 10)
  block.writeUInt32LE(counts.failedCount, at + 14)
  batch.at = at + 18
  batch.end(RECORD.RETURN, null)
}

/** How often a message came back from consumers, and how often it had failed. */
export interface Counts {
  readonly acquiredCount: number
  readonly failedCount: number
}

export function readReturn(payload: Buffer): Counts & { readonly ordinal: number } {
  return {
    ordinal: payload.readUIntLE(4, 6),
    acquiredCount: payload.readUInt32LE(10),
    failedCount: payload.readUInt32LE(14),
  }
}

export function writeLane(batch: Batch, laneId: number, name: LaneName): void {
  const encoded = encodeLaneName(name)
  batch.begin(4 + encoded.length)
  batch.block.writeUInt32LE(laneId, batch.at)
  encoded.copy(batch.block, batch.at + 4)
  batch.at += 4 + encoded.length
  batch.end(RECORD.LANE, null)
}

export function readLane(payload: Buffer): LaneName {
  return decodeLaneName(payload.subarray(4))
}

export function writeLaneDropped(batch: Batch, laneId: number): void {
  batch.begin(4)
  batch.at = batch.block.writeUInt32LE(laneId, batch.at)
  batch.end(RECORD.LANE_DROPPED, null)
}

export function writeDefinition(batch: Batch, encoded: Uint8Array): void {
  batch.begin(encoded.length)
  batch.block.set(encoded, batch.at)
  batch.at += encoded.length
  batch.end(RECORD.DEFINITION, null)
}

/** The lane that a settle, return, lane or lane-dropped record is about. */
export function laneIdOf(payload: Buffer): number {
  return payload.readUInt32LE(0)
}
