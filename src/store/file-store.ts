import { assert } from '../common/assert.ts'
import type { Clock } from '../common/clock.ts'
import type { Logger } from '../common/log.ts'
import type { Message } from '../core/message.ts'
import type {
  DefinitionChange,
  DefinitionStore,
  Durability,
  Holder,
  Lane,
  LaneName,
  LaneOwner,
  LaneReading,
  MessageFactory,
  MessageStore,
  Store,
} from '../core/ports.ts'
import { encodeDefinition } from './definitions/definition-codec.ts'
import type { FileSystem } from './files/file-system.ts'
import { Room } from './files/room.ts'
import { Journal, type JournalOwner, type LogEnd, type LogPlace } from './log/journal.ts'
import { PublishWriter } from './log/publish-record.ts'
import {
  type Counts,
  type SettledRange,
  writeDefinition,
  writeLane,
  writeLaneDropped,
  writeReturn,
  writeSettle,
} from './log/state-records.ts'
import { Maintenance } from './maintenance.ts'
import { type Recovered, recover } from './recovery/recovery.ts'
import { FileLane, type LaneHost } from './segments/file-lane.ts'
import { LaneReader } from './segments/lane-reader.ts'
import { moveBatches } from './segments/moving.ts'
import type { Segment } from './segments/segment.ts'
import { StoreState } from './state.ts'

/** What a FileStore is made with. */
export interface FileStoreOptions {
  readonly files: FileSystem
  readonly messages: MessageFactory
  readonly clock: Clock
  readonly log: Logger
  /** Nothing can be written, because of this error; null: it can again. */
  readonly onTrouble: (cause: Error | null) => void
  /** A log file ends with the write that reaches this size, in bytes; 32 MiB if not given. */
  readonly logFileSize?: number
}

/**
 * The store in a data directory (README.md). Whatever changes is applied to the state in memory and added to the batch
 * that the journal writes next.
 */
export class FileStore implements Store, MessageStore, DefinitionStore, LaneHost, JournalOwner {
  readonly canHoldBacklog = true
  /** The latest change of a definition. */
  position = 0
  /** What was found when it was opened. */
  readonly recovered: Recovered

  private readonly state: StoreState
  private readonly journal: Journal
  private readonly reader: LaneReader
  private readonly maintenance: Maintenance
  private readonly room: Room
  private readonly publishes = new PublishWriter()
  private active: Segment
  private settling: FileLane[] = [] // lanes with a range of settled messages for the next batch
  private isClosing = false
  private restoredChanges: readonly DefinitionChange[]

  /** Rejects with a StoreError when the directory is damaged beyond use, or of a newer format. */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    await options.files.makeFolder('log')
    await options.files.makeFolder('checkpoint')
    const store = new FileStore(options)
    await store.maintenance.begin(store.recovered)
    store.room.keep()
    store.logRecovered(options.log)
    return store
  }

  private constructor(options: FileStoreOptions) {
    const { files, clock, log } = options
    this.state = new StoreState(files, this, () => this.maintenance.want())
    this.reader = new LaneReader(options.messages, log)
    const fileSize = options.logFileSize ?? LOG_FILE_SIZE
    const wantSpace = () => this.maintenance.wantAll()
    const { onTrouble } = options
    // with a whole file there is room for what may wait, twice over, and for a checkpoint behind it
    this.room = new Room({ files, clock, size: fileSize, onTrouble, wantSpace })
    const endFile = () => this.journal.endFile()
    this.maintenance = new Maintenance({ state: this.state, files, clock, log, fileSize, endFile })
    this.recovered = recover(files, this.state, log)
    this.restoredChanges = [...this.state.catalog.changes()]
    const { nextFile, end } = this.recovered
    const { seed } = this.state
    const place = { firstFile: nextFile, safe: end }
    this.journal = new Journal({ files, clock, fileSize, seed, ...place }, this)
    this.active = this.state.addSegment(nextFile)
  }

  get messages(): MessageStore {
    return this
  }

  get definitions(): DefinitionStore {
    return this
  }

  get durability(): Durability {
    return this.journal
  }

  /** Writes to the log since the start: each is one trip to the disk. */
  get writeCount(): number {
    return this.journal.writeCount
  }

  lane(name: LaneName): Lane {
    const lane = this.state.find(name) ?? this.addLane(name)
    lane.isClaimed = true
    return lane
  }

  levelsOf(owner: LaneOwner): readonly number[] {
    return this.state.levelsOf(owner)
  }

  append(message: Message, holders: readonly Holder[]): number {
    return this.write(message, holders, false)
  }

  spill(message: Message, holder: Holder): number {
    return this.write(message, [holder], true)
  }

  dropUnclaimed(): void {
    for (const lane of [...this.state.lanes.values()]) if (!lane.isClaimed) lane.drop()
  }

  record(change: DefinitionChange): void {
    const encoded = encodeDefinition(change)
    this.state.catalog.apply(change, encoded)
    writeDefinition(this.journal.batch, encoded)
    this.position = ++this.journal.recorded
    this.journal.wantWrite()
  }

  /** May be asked for once. */
  restored(): Iterable<DefinitionChange> {
    const changes = this.restoredChanges
    this.restoredChanges = []
    return changes
  }

  async close(): Promise<void> {
    this.isClosing = true
    this.maintenance.close()
    this.journal.endFile()
    try {
      await this.journal.close()
    } finally {
      await this.maintenance.idle
      await this.room.close()
      this.state.openFiles.closeAll()
    }
  }

  settled(lane: FileLane): void {
    this.journal.recorded++
    if (lane.settledFrom !== 0) this.flushSettled(lane)
    else this.settling.push(lane)
    this.journal.wantWriteLater()
  }

  settledRange(lane: FileLane, range: SettledRange): void {
    this.journal.recorded++
    writeSettle(this.journal.batch, lane.id, range)
    this.journal.wantWriteLater()
  }

  returned(lane: FileLane, ordinal: number, counts: Counts): void {
    this.journal.recorded++
    writeReturn(this.journal.batch, lane.id, ordinal, counts)
    this.journal.wantWriteLater()
  }

  read(lane: FileLane, from: number, to: number, maxBytes: number): LaneReading {
    return this.reader.read(lane, from, to, maxBytes)
  }

  dropped(lane: FileLane): void {
    this.journal.recorded++
    this.state.removeLane(lane)
    writeLaneDropped(this.journal.batch, lane.id)
    this.journal.wantWriteLater()
  }

  /** What was settled goes behind everything else: a dead letter's copy must not be lost when its original is gone. */
  completeBatch(): void {
    const { settling } = this
    if (settling.length === 0) return
    this.settling = []
    for (const lane of settling) {
      if (lane.settledFrom !== 0) this.flushSettled(lane)
      lane.settledFrom = 0
    }
  }

  fileEnds(file: number, size: number, end: LogEnd): void {
    this.active.seal(size)
    this.maintenance.prepare({ replayFrom: file + 1, end, isClean: this.isClosing })
    this.active = this.state.addSegment(file + 1)
  }

  fileEnded(): void {
    this.maintenance.start()
  }

  moved(from: LogPlace, to: LogPlace, size: number, apart: boolean): void {
    this.maintenance.cancel()
    this.active = moveBatches(this.state, from, to, size, apart)
    this.maintenance.abandonEmpty()
  }

  troubled(cause: Error | null): void {
    if (cause === null) this.room.keep()
    else this.room.troubled(cause)
  }

  makeRoom(): Promise<void> {
    return this.room.make()
  }

  private logRecovered(log: Logger): void {
    const { isNew, isClean, replayedCount, replayedBytes, milliseconds, notes } = this.recovered
    for (const note of notes) log.info(`store: ${note}`)
    if (isNew) return
    let [messages, bytes] = [0, 0]
    for (const { restoredCount, restoredBytes } of this.state.lanes.values()) {
      messages += restoredCount
      bytes += restoredBytes
    }
    log.info(
      `store: ${messages} messages of ${bytes} bytes in ${this.state.segments.length - 1} segments, ` +
        `${replayedCount} records of ${replayedBytes} bytes replayed from the log, ` +
        `closed ${isClean ? 'properly' : 'not properly'}, ${milliseconds} ms`,
    )
  }

  private write(message: Message, holders: readonly Holder[], isSpilled: boolean): number {
    const { journal, publishes, active } = this
    for (const holder of holders) holder.laneOf(message) // a new one is recorded before
    const at = journal.batchAt + publishes.begin(journal.batch, message, holders.length, isSpilled)
    for (const holder of holders) {
      const lane = holder.laneOf(message)
      assert(lane instanceof FileLane, 'a lane is of the store that it is used with')
      const ordinal = lane.latest + 1
      publishes.target(lane.id, ordinal, holder.timeOf(message))
      lane.add(ordinal, active, at, message.bodySize, isSpilled)
    }
    publishes.end(message)
    journal.wantWrite()
    return ++journal.recorded
  }

  private addLane(name: LaneName): FileLane {
    const lane = this.state.addLane(name)
    writeLane(this.journal.batch, lane.id, name)
    return lane
  }

  private flushSettled(lane: FileLane): void {
    const range = { from: lane.settledFrom, to: lane.settledTo }
    writeSettle(this.journal.batch, lane.id, range)
  }
}

/** Large enough that a file is a rare thing, small enough that what is behind a checkpoint is soon read. */
const LOG_FILE_SIZE = 33_554_432
