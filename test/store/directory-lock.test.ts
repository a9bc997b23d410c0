import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DirectoryLock } from '../../src/store/files/directory-lock.ts'
import { StoreError } from '../../src/store/store-error.ts'

let directory = ''
const holders: Holder[] = []

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'leveret-lock-')), 'data')
})

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.kill()
  rmSync(join(directory, '..'), { recursive: true })
})

describe('a data directory', () => {
  test('is made when it is not there, and free again once released', () => {
    const lock = DirectoryLock.take(directory)
    expect(readdirSync(directory)).toEqual(['lock'])
    lock.release()
    expect(readdirSync(directory)).toEqual([])
    DirectoryLock.take(directory).release()
  })

  test('is not taken twice by one process', () => {
    const lock = DirectoryLock.take(directory)
    const refusal = refusalOf(directory)
    expect(refusal.code).toBe('DATA_DIR_IN_USE')
    expect(refusal.message).toBe(
      `the data directory ${directory} is in use by this process (${process.pid}) already`,
    )
    lock.release()
  })

  test('is not taken from a process that runs', async () => {
    const holder = await Holder.start(directory)
    expect(await holder.say('take')).toBe('done')
    const refusal = refusalOf(directory)
    expect(refusal.code).toBe('DATA_DIR_IN_USE')
    expect(refusal.message).toBe(
      `the data directory ${directory} is in use by process ${holder.pid}`,
    )
    expect(await holder.say('release')).toBe('done')
    DirectoryLock.take(directory).release()
  })

  test('is taken from a process that was killed', async () => {
    const holder = await Holder.start(directory)
    expect(await holder.say('take')).toBe('done')
    await holder.kill()
    expect(existsSync(join(directory, 'lock'))).toBe(true)
    const lock = DirectoryLock.take(directory)
    expect(readdirSync(directory)).toEqual(['lock'])
    expect(refusalOf(directory).message).toContain(`${process.pid}`)
    lock.release()
  })

  test('released twice is not taken from who has it then', async () => {
    const lock = DirectoryLock.take(directory)
    lock.release()
    const holder = await Holder.start(directory)
    expect(await holder.say('take')).toBe('done')
    lock.release()
    expect(refusalOf(directory).code).toBe('DATA_DIR_IN_USE')
  })

  test('in a path that is a file is not writable', () => {
    writeFileSync(directory, '')
    const refusal = refusalOf(directory)
    expect(refusal.code).toBe('DATA_DIR_NOT_WRITABLE')
    expect(refusal.message).toContain(directory)
  })

  test('that belongs to somebody else is not writable, and the message says why', async () => {
    const userId = process.getuid?.() === 0 ? '65534' : undefined
    const closed = join(directory, '..')
    chmodSync(closed, 0o555)
    const holder = await Holder.start(directory, userId)
    const answer = await holder.say('take')
    chmodSync(closed, 0o755)
    expect(answer).toMatch(/^DATA_DIR_NOT_WRITABLE: StoreError: the data directory .* EACCES/)
    expect(answer).toContain(directory)
  })
})

describe('a lock file', () => {
  const startOfThis = () => {
    const lock = DirectoryLock.take(directory)
    const content: { start: string } = JSON.parse(readLock())
    lock.release()
    return content.start
  }
  const readLock = () => readFileSync(join(directory, 'lock'), 'utf8')
  const leave = (content: string) => writeFileSync(join(directory, 'lock'), content)

  test('of another process that had the same number does not count', () => {
    const start = startOfThis()
    expect(start).not.toBe('')
    leave(JSON.stringify({ pid: process.pid, start: `${start}1`, unique: 'a' }))
    DirectoryLock.take(directory).release()
  })

  test('of this process counts, also where it does not say when it started', () => {
    startOfThis()
    leave(JSON.stringify({ pid: process.pid, start: '', unique: 'a' }))
    expect(refusalOf(directory).code).toBe('DATA_DIR_IN_USE')
  })

  test.each(['', '{', 'null', '{"pid":"1"}', '\0\0\0\0'])('%j does not count', (content) => {
    startOfThis()
    leave(content)
    DirectoryLock.take(directory).release()
    expect(readdirSync(directory)).toEqual([])
  })

  test('that was being replaced when the process ended is replaced all the same', () => {
    startOfThis()
    const stale = '{"pid":0}'
    leave(stale)
    const second = createHash('sha256').update(stale).digest('hex')
    writeFileSync(join(directory, `lock.${second}`), '{"pid":1}')
    DirectoryLock.take(directory).release()
    expect(readdirSync(directory)).toEqual([])
  })
})

test('of processes that find stale locks at once only one at a time has the directory', async () => {
  DirectoryLock.take(directory).release()
  const program = fileURLToPath(new URL('programs/contend-for-directory.ts', import.meta.url))
  const args = ['--import', 'tsx', program, directory, '2000']
  const runs = await Promise.all(
    Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, args)),
  )
  for (const { stdout } of runs) {
    const [taken = 0, notAlone] = stdout.split(' ').map(Number)
    expect(taken).toBeGreaterThan(0)
    expect(notAlone).toBe(0)
  }
})

function refusalOf(path: string): StoreError {
  try {
    DirectoryLock.take(path)
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** Another process, which takes and releases the directory as it is told. */
class Holder {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>
  private readonly answers: AsyncIterator<string>

  private constructor(args: readonly string[]) {
    const program = fileURLToPath(new URL('programs/hold-directory.ts', import.meta.url))
    this.child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.answers = createInterface(this.child.stdout)[Symbol.asyncIterator]()
    holders.push(this)
  }

  static async start(path: string, userId?: string): Promise<Holder> {
    const holder = new Holder(userId === undefined ? [path] : [path, userId])
    expect(await holder.answer()).toBe('ready')
    return holder
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  say(word: 'take' | 'release'): Promise<string> {
    this.child.stdin.write(`${word}\n`)
    return this.answer()
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    this.child.kill('SIGKILL')
    await once(this.child, 'exit')
  }

  private async answer(): Promise<string> {
    const { value } = await this.answers.next()
    return value ?? 'it has ended'
  }
}
