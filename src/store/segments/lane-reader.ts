import type { Logger } from '../../common/log.ts'
import type { HeldMessage, LaneReading, MessageFactory } from '../../core/ports.ts'
import { readMessage, targetIndex, targetTimeMs } from '../log/publish-record.ts'
import { RecordReader } from '../log/record-reader.ts'
import type { FileLane } from './file-lane.ts'
import { type Holding, Places } from './holding.ts'
import type { Segment } from './segment.ts'

/** Reads messages of lanes back from their segments. */
export class LaneReader {
  private readonly factory: MessageFactory
  private readonly log: Logger

  constructor(factory: MessageFactory, log: Logger) {
    this.factory = factory
    this.log = log
  }

  read(lane: FileLane, from: number, to: number, maxBytes: number): LaneReading {
    const reading = new Reading(from, maxBytes)
    for (let i = lane.indexOf(from); i < lane.holdings.length; i++) {
      const holding = lane.holdings[i]!
      if (holding.first > to || reading.isFull) break
      this.readHolding(holding, to, reading)
    }
    if (!reading.isFull) reading.next = to + 1
    if (reading.damaged > 0) {
      const { name, vhost } = lane.name
      this.log.error(
        `${reading.damaged} messages of queue '${name}' in vhost '${vhost}' cannot be read: ${reading.cause}`,
      )
    }
    return reading
  }

  private readHolding(holding: Holding, to: number, reading: Reading): void {
    const { segment, settled } = holding
    if (holding.liveCount === 0) return
    const places = this.placesOf(holding, reading)
    const records = new RecordReader(segment)
    let index = places.indexOf(reading.next)
    while (index < places.count && !reading.isFull) {
      const ordinal = places.ordinalAt(index)
      if (ordinal > to) return
      const live = settled.next(ordinal)
      if (live > ordinal) {
        index = places.indexOf(live)
        continue
      }
      reading.next = ordinal + 1
      this.readMessage(records, { at: places.offsetAt(index++), ordinal, holding }, reading)
    }
    if (index < places.count) this.readAhead(segment, places.offsetAt(index))
    else if (segment.isIndexed) holding.places = null // read to its end
  }

  private readMessage(records: RecordReader, place: MessagePlace, reading: Reading): void {
    const { at, ordinal, holding } = place
    try {
      const payload = records.publishAt(at)
      const held = payload === null ? null : this.held(holding.lane, ordinal, payload)
      if (held === null) reading.lose(`${holding.segment.path} is damaged at ${at}`)
      else reading.add(held)
    } catch (error) {
      reading.lose(`${holding.segment.path}: ${String(error)}`)
    }
  }

  private readAhead(segment: Segment, at: number): void {
    try {
      segment.file.readAhead(READ_AHEAD_SIZE, at)
    } catch {} // who reads there will be told
  }

  private held(lane: FileLane, ordinal: number, payload: Buffer): HeldMessage | null {
    const target = targetIndex(payload, lane.id, ordinal)
    if (target < 0) return null
    const counts = lane.returns.get(ordinal)
    return {
      message: this.factory.create(readMessage(Buffer.from(payload))),
      ordinal,
      timeMs: targetTimeMs(payload, target),
      redelivered: ordinal <= lane.unsureTo || counts !== undefined,
      acquiredCount: counts?.acquiredCount ?? 0,
      failedCount: counts?.failedCount ?? 0,
    }
  }

  /** When they cannot be found out, all messages of the holding are lost for now. */
  private placesOf(holding: Holding, reading: Reading): Places {
    try {
      return holding.segment.placesOf(holding)
    } catch (error) {
      reading.lose(`${holding.segment.path}: ${String(error)}`, holding.liveCount)
      return new Places()
    }
  }
}

/** Where a message is to be found. */
interface MessagePlace {
  readonly at: number
  readonly ordinal: number
  readonly holding: Holding
}

/** What a call of `read` has found so far. */
class Reading implements LaneReading {
  readonly messages: HeldMessage[] = []
  next: number
  damaged = 0
  cause = ''
  private readonly maxBytes: number
  private bytes = 0

  constructor(from: number, maxBytes: number) {
    this.next = from
    this.maxBytes = maxBytes
  }

  get isFull(): boolean {
    return this.messages.length > 0 && this.bytes >= this.maxBytes
  }

  add(held: HeldMessage): void {
    this.messages.push(held)
    const { bodySize, properties } = held.message
    this.bytes += bodySize + properties.encoded.length + MESSAGE_SIZE
  }

  lose(cause: string, count = 1): void {
    this.damaged += count
    this.cause = cause
  }
}

/** What a message takes beside body and properties, estimated, in bytes. */
const MESSAGE_SIZE = 32

/** In bytes: about what the next call will read. */
const READ_AHEAD_SIZE = 1_048_576
