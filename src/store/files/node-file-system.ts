import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  read,
  readdirSync,
  readSync,
  writev,
} from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { assert } from '../../common/assert.ts'
import { systemCodeOf } from '../store-error.ts'
import type { FileSystem, LogFile, ReadableFile } from './file-system.ts'

/**
 * The files of a real directory. Whatever is promised to survive losing power has been synced, the folder included
 * when a name in it is new.
 *
 * `writeWhole` leaves a file `NAME.unfinished` behind when the process ends in the middle of it: `list` does not tell
 * of it, and the next `makeFolder` of its folder removes it, so that none may be being written then.
 */
export class NodeFileSystem implements FileSystem {
  readonly directory: string

  constructor(directory: string) {
    this.directory = resolve(directory)
  }

  list(folder: string): readonly string[] {
    try {
      return readdirSync(join(this.directory, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
        .map((entry) => entry.name)
        .sort()
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return []
      throw error
    }
  }

  async makeFolder(folder: string): Promise<void> {
    const path = join(this.directory, folder)
    await mkdir(path, { recursive: true })
    for (const name of await readdir(path)) {
      if (name.endsWith(UNFINISHED)) await unlinkIfThere(join(path, name))
    }
    const top = dirname(this.directory)
    for (let at = dirname(path); at.length > top.length; at = dirname(at)) await syncFolder(at)
    await syncForeignFolder(top)
  }

  async createLog(path: string): Promise<LogFile> {
    const fullPath = join(this.directory, path)
    const { O_CREAT, O_EXCL, O_WRONLY, O_DSYNC } = constants
    const flags = O_CREAT | O_EXCL | O_WRONLY | (WRITE_SYNCS ? O_DSYNC : 0)
    const file = await open(fullPath, flags, 0o644)
    try {
      await syncFolder(dirname(fullPath))
    } catch (error) {
      await file.close()
      await unlink(fullPath).catch(() => undefined) // the first error is the one to tell
      throw error
    }
    return new NodeLogFile(file)
  }

  async writeWhole(path: string, content: readonly Uint8Array[]): Promise<void> {
    const fullPath = join(this.directory, path)
    const unfinished = fullPath + UNFINISHED
    try {
      const file = await open(unfinished, 'w', 0o644)
      try {
        await writeAll(file.fd, content, 0)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, fullPath)
    } catch (error) {
      await unlinkIfThere(unfinished).catch(() => undefined) // the first error is the one to tell
      throw error
    }
    await syncFolder(dirname(fullPath))
  }

  open(path: string): ReadableFile {
    return new NodeReadableFile(openSync(join(this.directory, path), 'r'))
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(join(this.directory, from), join(this.directory, to))
  }

  async truncate(path: string, size: number): Promise<void> {
    const file = await open(join(this.directory, path), 'r+')
    try {
      await file.truncate(size)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async remove(path: string): Promise<void> {
    await unlinkIfThere(join(this.directory, path))
  }
}

/** End of the name of a file that `writeWhole` is writing. */
const UNFINISHED = '.unfinished'

/**
 * With O_DSYNC the system's write returns when the bytes are on the disk, which saves a second call. Elsewhere than on
 * Linux that may end in a cache of the disk, and only a call of its own goes all the way.
 */
const WRITE_SYNCS = process.platform === 'linux'

/**
 * A file that grows with every write has its new length written and synced with every write too. So one that grows in
 * small steps is given zeros ahead of them, which the next writes replace; closing takes back what is left of those.
 */
class NodeLogFile implements LogFile {
  private readonly file: FileHandle
  private isOpen = true
  private writing: Promise<void> | null = null
  private end = 0 // of what has been written
  private zerosEnd = 0
  private smallSteps = 0 // beyond the zeros, one after the other

  constructor(file: FileHandle) {
    this.file = file
  }

  async write(parts: readonly Uint8Array[], at: number): Promise<void> {
    assert(this.isOpen, 'a log that is written to is open')
    assert(this.writing === null, 'a log is written to by one at a time')
    this.writing = this.writeSynced(parts, at)
    try {
      await this.writing
    } finally {
      this.writing = null
    }
  }

  /** Waits for a write in progress. */
  async close(): Promise<void> {
    if (!this.isOpen) return
    this.isOpen = false
    await this.writing?.catch(() => undefined) // who wrote gets to know
    if (this.zerosEnd > this.end) await this.file.truncate(this.end).catch(() => undefined) // else zeros stay
    await this.file.close()
  }

  private async writeSynced(parts: readonly Uint8Array[], at: number): Promise<void> {
    const end = at + sizeOf(parts)
    await writeAll(this.file.fd, parts, at, this.zerosFor(at, end))
    if (!WRITE_SYNCS) await this.file.datasync()
    this.end = Math.max(this.end, end)
  }

  /** What is to be written behind these bytes. */
  private zerosFor(at: number, end: number): Uint8Array {
    if (end <= this.zerosEnd) return NO_ZEROS
    this.smallSteps = end - at <= SMALL_STEP ? this.smallSteps + 1 : 0
    if (this.smallSteps < STEPS_BEFORE_ZEROS) return NO_ZEROS
    this.zerosEnd = end + ZEROS.length
    return ZEROS
  }
}

class NodeReadableFile implements ReadableFile {
  private readonly descriptor: number
  private isOpen = true
  private isReadingAhead = false

  constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  get size(): number {
    assert(this.isOpen, 'a file that is asked for its size is open')
    return fstatSync(this.descriptor).size
  }

  read(target: Uint8Array, length: number, at: number): number {
    assert(this.isOpen, 'a file that is read is open')
    let done = 0
    while (done < length) {
      const count = readSync(this.descriptor, target, done, length - done, at + done)
      if (count === 0) break
      done += count
    }
    return done
  }

  /** Reads into memory that nobody looks at: what counts is that the system has the bytes in its cache then. */
  readAhead(length: number, at: number): void {
    assert(this.isOpen, 'a file that is read ahead is open')
    if (this.isReadingAhead || length <= 0) return
    const count = Math.min(length, scratch.length)
    this.isReadingAhead = true
    read(this.descriptor, scratch, 0, count, at, (_error, got) => {
      this.isReadingAhead = false
      if (!this.isOpen) closeSync(this.descriptor)
      else if (got > 0) this.readAhead(length - got, at + got)
    })
  }

  /** While the system still reads ahead, its end closes the file: the number may be another file's after closing. */
  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    if (!this.isReadingAhead) closeSync(this.descriptor)
  }
}

/** Where all files are read ahead to, one over the other. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024)

/** Larger writes gain less than zeros cost. In bytes. */
const SMALL_STEP = 65_536

/** A file that is hardly written to needs none. */
const STEPS_BEFORE_ZEROS = 8

const ZEROS = Buffer.alloc(1_048_576)
const NO_ZEROS = ZEROS.subarray(0, 0)

/** The system takes no more parts than this in one call (IOV_MAX). */
const PARTS_MAX = 1024

/**
 * The system may write less than asked for: the rest goes with another call, which tells the error if there is one.
 * What is `behind` the parts is written with the last of them as far as there is room for it.
 */
async function writeAll(
  descriptor: number,
  parts: readonly Uint8Array[],
  startAt: number,
  behind: Uint8Array = NO_ZEROS,
): Promise<void> {
  let at = startAt
  let rest = parts.filter((part) => part.length > 0)
  while (rest.length > 0) {
    const isLast = rest.length < PARTS_MAX && behind.length > 0
    const some = isLast ? [...rest, behind] : rest.slice(0, PARTS_MAX)
    const count = await writeSome(descriptor, some, at)
    assert(count > 0, 'the system writes something or tells an error')
    at += count
    rest = withoutFirst(rest, count)
  }
}

function writeSome(descriptor: number, parts: Uint8Array[], at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, parts, at, (error, count) => {
      if (error !== null) reject(error)
      else resolve(count)
    })
  })
}

function withoutFirst(parts: Uint8Array[], byteCount: number): Uint8Array[] {
  let left = byteCount
  let index = 0
  for (; index < parts.length && left >= parts[index]!.length; index++) left -= parts[index]!.length
  const [first, ...others] = parts.slice(index)
  return first === undefined ? [] : [first.subarray(left), ...others]
}

function sizeOf(parts: readonly Uint8Array[]): number {
  let size = 0
  for (const part of parts) size += part.length
  return size
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Syncs a folder that the data directory lies in, which need not be ours to read. */
async function syncForeignFolder(path: string): Promise<void> {
  try {
    await syncFolder(path)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'EINVAL'].includes(systemCodeOf(error))) throw error
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error
  }
}
