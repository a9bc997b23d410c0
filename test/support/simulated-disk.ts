import type { FileSystem, LogFile, ReadableFile } from '../../src/store/files/file-system.ts'
import {
  applyToBytes,
  type Change,
  type Fate,
  folderOf,
  randomFate,
  SimulatedFile,
  SimulatedNames,
} from './simulated-disk-content.ts'
import { SimulatedLog, SimulatedReadable, systemError } from './simulated-disk-files.ts'
import type { Random } from './simulated-disk-random.ts'

/** A change that has been asked for and is not there yet. */
export interface Operation {
  /** Counted from 1. */
  readonly number: number
  readonly change: Change
}

interface PendingOperation extends Operation {
  readonly code: string | null // it fails with this
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Which operations fail from now on, and with what. */
export interface Failure {
  readonly code: 'ENOSPC' | 'EIO'
  /** The first to fail, of those that can: 1 for the next one. */
  readonly after: number
  /** How many fail; Infinity until `failure` is taken away. */
  readonly count: number
}

/**
 * A disk in memory that does no more than the port promises (store/file-system.ts). It knows what would survive losing
 * power: what a promise has resolved for. Of everything else `survivor` keeps a random part, torn and in any order.
 *
 * An operation takes effect, and resolves, in a later turn; with `isManual` when `release` is called.
 */
export class SimulatedDisk implements FileSystem {
  isManual = false
  /** Logs get zeros behind what is written to them, now and then. */
  hasZerosAhead = false
  /** Mutating operations so far. */
  operations = 0
  /** Those after which something survives losing power. */
  syncs = 0
  writes = 0
  bytesWritten = 0
  /** Files that are open to be read. */
  openFiles = 0
  failure: Failure | null = null
  /** A disk that lies: what it says of operations of this kind is not true, they may still be lost. */
  liesAbout: Change['kind'] | null = null
  /** What has failed, as `write log/1`. */
  readonly failed: string[] = []
  /** What a disk must never be asked to do. */
  readonly faults: string[] = []
  isCut = false

  private readonly random: Random
  private readonly live: SimulatedNames
  private readonly stable: SimulatedNames
  /** In order: names removed and changed, but not for certain, and what has failed and may be there all the same. */
  private readonly loose: Change[] = []
  private readonly waiting: PendingOperation[] = []
  private plannedCut: { readonly operation: number; readonly moment: CutMoment } | null = null
  private onCut: (() => void) | null = null

  constructor(random: Random, names = new SimulatedNames()) {
    this.random = random
    this.live = names.copy()
    this.stable = names
  }

  /** How many operations have failed. */
  get failures(): number {
    return this.failed.length
  }

  /** What is under way, in the order in which it was asked for. */
  get pending(): readonly Operation[] {
    return this.waiting
  }

  list(folder: string): readonly string[] {
    const paths = [...this.live.files.keys()].filter((path) => folderOf(path) === folder)
    return paths.map((path) => path.slice(folder === '' ? 0 : folder.length + 1)).sort()
  }

  makeFolder(path: string): Promise<void> {
    return this.ask({ kind: 'folder', path })
  }

  async createLog(path: string): Promise<LogFile> {
    const file = new SimulatedFile(path)
    await this.ask({ kind: 'create', path, file })
    return new SimulatedLog(file, this.faults, (change) => this.ask(this.withZeros(change)))
  }

  writeWhole(path: string, parts: readonly Uint8Array[]): Promise<void> {
    const file = new SimulatedFile(path)
    file.live.write(Buffer.concat(parts), 0)
    return this.ask({ kind: 'replace', path, file })
  }

  open(path: string): ReadableFile {
    this.openFiles++
    return new SimulatedReadable(this.fileAt(path), () => this.openFiles--)
  }

  rename(path: string, to: string): Promise<void> {
    return this.ask({ kind: 'rename', path, to })
  }

  async truncate(path: string, size: number): Promise<void> {
    await this.ask({ kind: 'truncate', file: this.fileAt(path), size })
  }

  remove(path: string): Promise<void> {
    return this.ask({ kind: 'remove', path })
  }

  /** The content of a file, not to be changed. Throws as `open` does. */
  contentOf(path: string): Buffer {
    return this.fileAt(path).live.toBuffer()
  }

  /** The paths of all files, sorted. */
  paths(): readonly string[] {
    return [...this.live.files.keys()].sort()
  }

  /** Puts a file there, in place of one of the same name, as nothing but damage or a test does. */
  put(path: string, content: Uint8Array): void {
    const file = new SimulatedFile(path)
    file.live.write(content, 0)
    for (const names of [this.live, this.stable]) names.apply({ kind: 'replace', path, file })
  }

  /** Takes a file away, as nothing but damage or a test does. */
  take(path: string): void {
    for (const names of [this.live, this.stable]) names.apply({ kind: 'remove', path })
  }

  /** Lets an operation that is under way take effect. */
  release(operation: Operation): void {
    const index = this.waiting.findIndex((one) => one.number === operation.number)
    const [found] = index === -1 ? [] : this.waiting.splice(index, 1)
    if (found !== undefined) this.complete(found)
  }

  /** From now on nothing takes effect any more, and no promise resolves. */
  cut(): void {
    this.isCut = true
    this.onCut?.()
  }

  /** Cuts the power at an operation; the promise resolves when that has happened. */
  cutAt(operation: number, moment: CutMoment): Promise<void> {
    this.plannedCut = { operation, moment }
    return new Promise((resolve) => {
      this.onCut = resolve
    })
  }

  /** The power stays, unless it has gone already. */
  noCut(): void {
    this.plannedCut = null
  }

  /** A disk with what is left if the power goes now; `fateOf` may decide what becomes of an operation. */
  survivor(
    random: Random,
    fateOf: (operation: Operation) => Fate | null = () => null,
  ): SimulatedDisk {
    const changes = [
      ...this.loose.map((change) => [change, null] as const),
      ...this.waiting.map((one) => [one.change, fateOf(one)] as const),
    ].map(([change, fate]) => [change, fate ?? randomFate(change, random)] as const)
    const names = this.stable.copy()
    for (const [change, fate] of changes) if (fate !== 'lost') names.apply(change)
    const copies = new Map<SimulatedFile, SimulatedFile>()
    for (const [path, file] of names.files) {
      const copy = new SimulatedFile(path, file.stable.copy())
      copies.set(file, copy)
      names.files.set(path, copy)
    }
    for (const [change, fate] of changes) {
      if (change.kind !== 'write' && change.kind !== 'truncate') continue
      const copy = copies.get(change.file)
      if (copy !== undefined) applyToBytes(copy.live, change, fate, random)
    }
    const disk = new SimulatedDisk(random.fork(), names)
    disk.hasZerosAhead = this.hasZerosAhead
    return disk
  }

  private withZeros(change: Change): Change {
    if (change.kind !== 'write' || !this.hasZerosAhead || this.random.chance(0.7)) return change
    return { ...change, parts: [...change.parts, Buffer.alloc(this.random.below(4000))] }
  }

  private ask(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isCut) return
      const number = ++this.operations
      const cutMoment = this.plannedCut?.operation === number ? this.plannedCut.moment : null
      if (cutMoment === 'before') return this.cut()
      const operation = { number, change, code: this.nextFailure(change), resolve, reject }
      if (change.kind === 'write') change.file.isBeingWritten = true
      if (cutMoment === 'after') this.complete({ ...operation, resolve: ignore, reject: ignore })
      else this.waiting.push(operation)
      if (cutMoment !== null) this.cut()
      else if (!this.isManual) setImmediate(() => this.release(operation))
    })
  }

  /** Removing needs no room, and a full disk does not keep from it. */
  private nextFailure(change: Change): string | null {
    const { failure } = this
    if (failure === null) return null
    const needsRoom = ['folder', 'create', 'replace', 'write'].includes(change.kind)
    if (failure.code === 'ENOSPC' && !needsRoom) return null
    const after = failure.after - 1
    if (after > 0) {
      this.failure = { ...failure, after }
      return null
    }
    this.failure = failure.count <= 1 ? null : { ...failure, after, count: failure.count - 1 }
    return failure.code
  }

  private complete({ change, code, resolve, reject }: PendingOperation): void {
    if (this.isCut) return
    if (change.kind === 'write') change.file.isBeingWritten = false
    const refusal = code ?? this.refusalOf(change)
    if (refusal === null) {
      this.apply(change)
      return resolve()
    }
    if (code !== null) {
      this.failed.push(`${change.kind} ${'file' in change ? change.file.path : change.path}`)
      this.fail(change)
    }
    reject(systemError(refusal, change.kind))
  }

  private refusalOf(change: Change): string | null {
    const { files, folders } = this.live
    switch (change.kind) {
      case 'create':
        if (files.has(change.path)) return 'EEXIST'
        return folders.has(folderOf(change.path)) ? null : 'ENOENT'
      case 'replace':
        return folders.has(folderOf(change.path)) ? null : 'ENOENT'
      case 'rename':
        return files.has(change.path) && folders.has(folderOf(change.to)) ? null : 'ENOENT'
      default:
        return null
    }
  }

  private apply(change: Change): void {
    this.live.apply(change)
    if (change.kind === this.liesAbout) return this.onlySeem(change)
    switch (change.kind) {
      case 'rename':
      case 'remove':
        this.loose.push(change)
        return
      case 'write':
      case 'truncate':
        this.applyToFile(change)
        break
      case 'create':
      case 'replace':
        this.syncFolder(folderOf(change.path))
        this.settle(change)
        break
      case 'folder':
        this.stable.apply(change)
    }
    this.syncs++
  }

  private onlySeem(change: Change): void {
    if (change.kind === 'write' || change.kind === 'truncate') {
      const { file } = change
      if (file.stable === file.live) file.stable = file.live.copy()
      applyToBytes(file.live, change, 'whole', this.random)
    }
    this.loose.push(change)
  }

  private applyToFile(change: Extract<Change, { kind: 'write' | 'truncate' }>): void {
    const { file } = change
    applyToBytes(file.live, change, 'whole', this.random)
    if (file.stable !== file.live) applyToBytes(file.stable, change, 'whole', this.random)
    if (change.kind === 'truncate') return
    this.writes++
    for (const part of change.parts) this.bytesWritten += part.length
  }

  /** Reads see some of what has failed; what survives is as open as for what is under way, for ever. */
  private fail(change: Change): void {
    switch (change.kind) {
      case 'write':
      case 'truncate': {
        const { file } = change
        file.hasFailed = true
        if (file.stable === file.live) file.stable = file.live.copy()
        applyToBytes(file.live, change, randomFate(change, this.random), this.random)
        break
      }
      case 'replace':
        if (this.random.chance(0.5)) this.live.apply(change)
        break
      case 'create':
        break
      default:
        return
    }
    this.loose.push(change)
  }

  /** The names in a folder are for certain now: also those changed before without waiting for that. */
  private syncFolder(folder: string): void {
    for (const change of this.loose.splice(0)) {
      const isName = change.kind === 'remove' || change.kind === 'rename'
      if (isName && folderOf(change.path) === folder) this.settle(change)
      else this.loose.push(change)
    }
  }

  /** A name is for certain what this change makes of it, whatever failed there before. */
  private settle(
    change: Extract<Change, { kind: 'create' | 'replace' | 'remove' | 'rename' }>,
  ): void {
    this.stable.apply(change)
    for (const old of this.loose.splice(0)) {
      const isName = old.kind === 'create' || old.kind === 'replace'
      if (!isName || old.path !== change.path) this.loose.push(old)
    }
  }

  private fileAt(path: string): SimulatedFile {
    const file = this.live.files.get(path)
    if (file === undefined) throw systemError('ENOENT', 'open')
    return file
  }
}

/** Of the operation at which the power goes nothing has been done, a part, or all; it never resolves. */
export type CutMoment = 'before' | 'during' | 'after'

function ignore(): void {}
