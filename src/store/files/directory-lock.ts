import { createHash, randomBytes } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { StoreError, systemCodeOf } from '../store-error.ts'

/**
 * A data directory is used by one process at a time: by the one that the file `lock` in it tells of. What a process
 * that ended without releasing has left behind does not count, and is replaced.
 *
 * Processes that cannot see each other are not kept apart: those of two machines, or of two containers that share a
 * volume but no processes.
 */
export class DirectoryLock {
  private readonly path: string
  private readonly content: string

  private constructor(path: string, content: string) {
    this.path = path
    this.content = content
  }

  /**
   * Makes the directory if need be and takes it.
   * Throws a StoreError, DATA_DIR_IN_USE or DATA_DIR_NOT_WRITABLE, or another error of the system.
   */
  static take(directory: string): DirectoryLock {
    const full = resolve(directory)
    const path = join(full, 'lock')
    const unique = randomBytes(8).toString('hex')
    const content = JSON.stringify({ pid: process.pid, start: startOf(process.pid), unique })
    const own = `${path}.${unique}`
    try {
      mkdirSync(full, { recursive: true })
      try {
        writeFileSync(own, content)
        take(path, own, full)
      } finally {
        rmSync(own, { force: true })
      }
    } catch (error) {
      throw asStoreError(error, full)
    }
    return new DirectoryLock(path, content)
  }

  /** The process that uses a directory; null when none does, as far as can be seen from here. Nothing is changed. */
  static holderOf(directory: string): number | null {
    const found = readIfThere(join(directory, 'lock'))
    const holder = found === null ? null : decodeHolder(found)
    return holder !== null && isAlive(holder) ? holder.pid : null
  }

  release(): void {
    if (readIfThere(this.path) === this.content) unlinkSync(this.path)
  }
}

/**
 * Makes the lock `path` out of the file `own`, or throws. A link is made as a whole or not at all, and only where
 * there is none of that name: of several that try at once one succeeds, and nobody reads half a lock.
 *
 * A stale lock may only be replaced by who has taken a second lock, whose name is made of what stands in the stale
 * one. Who has that and still finds the same in the stale lock is alone with it: nobody else may replace it, and what
 * stood in a lock once never stands in one again. A second lock that is stale itself is replaced in the same way.
 */
function take(path: string, own: string, directory: string): void {
  while (!isLinked(own, path)) {
    const found = readIfThere(path)
    if (found === null) continue // released meanwhile
    const holder = decodeHolder(found)
    if (holder !== null && isAlive(holder)) throw inUse(directory, holder.pid)
    const second = join(directory, `lock.${createHash('sha256').update(found).digest('hex')}`)
    take(second, own, directory)
    try {
      if (readIfThere(path) !== found) continue
      const copy = `${own}.copy`
      writeFileSync(copy, readFileSync(own))
      renameSync(copy, path)
      return
    } finally {
      unlinkSync(second)
    }
  }
}

/** False when there is a file of that name. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw error
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Who holds a lock. */
interface Holder {
  readonly pid: number
  /** When that process started, so that another of the same number is told apart; empty where nobody says. */
  readonly start: string
}

/** Null for what is no lock: losing power may have left an empty one. */
function decodeHolder(content: string): Holder | null {
  try {
    const { pid, start }: { pid?: unknown; start?: unknown } = JSON.parse(content)
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : null
  } catch {
    return null
  }
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (systemCodeOf(error) !== 'EPERM') return false // with EPERM it is there and somebody else's
  }
  const found = startOf(pid)
  return start === '' || found === '' || found === start
}

/** Which start of the machine it was and how long after it, in ticks (proc(5)). A process that has ended has none. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // behind the name, which may hold anything
    const [state = ''] = fields
    return 'ZX'.includes(state) ? 'ended' : `${boot} ${fields[19]}`
  } catch {
    return ''
  }
}

function inUse(directory: string, pid: number): StoreError {
  const user = pid === process.pid ? `this process (${pid}) already` : `process ${pid}`
  return new StoreError('DATA_DIR_IN_USE', `the data directory ${directory} is in use by ${user}`)
}

const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR']

function asStoreError(error: unknown, directory: string): unknown {
  if (!(error instanceof Error) || !UNWRITABLE.includes(systemCodeOf(error))) return error
  const message = `the data directory ${directory} cannot be written to: ${error.message}`
  return new StoreError('DATA_DIR_NOT_WRITABLE', message, { cause: error })
}
