import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AssertionError } from '../../src/common/assert.ts'
import { NodeFileSystem } from '../../src/store/files/node-file-system.ts'

let directory = ''
let files: NodeFileSystem

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'leveret-files-')), 'data')
  files = new NodeFileSystem(directory)
  await files.makeFolder('log')
})

afterEach(() => rmSync(join(directory, '..'), { recursive: true }))

const onDisk = (path: string) => readFileSync(join(directory, path), 'utf8')
const put = (path: string, text: string) => writeFileSync(join(directory, path), text)
const bytes = (text: string) => Buffer.from(text)

describe('folders', () => {
  test('are made with all above them, and one that exists is no error', async () => {
    await files.makeFolder('a/b')
    await files.makeFolder('a/b')
    expect(readdirSync(join(directory, 'a'))).toEqual(['b'])
  })

  test('tell the names of their files sorted, and not those of folders', async () => {
    for (const name of ['b', 'c', 'a']) put(`log/${name}`, '')
    mkdirSync(join(directory, 'log/folder'))
    expect(files.list('log')).toEqual(['a', 'b', 'c'])
  })

  test('that are not there hold nothing', () => {
    expect(files.list('nowhere')).toEqual([])
  })

  test('that are files are an error of the system', () => {
    put('log/file', '')
    expect(() => files.list('log/file')).toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
  })
})

describe('a log', () => {
  test('is a new file: one of its name is not overwritten', async () => {
    put('log/1', 'kept')
    await expect(files.createLog('log/1')).rejects.toMatchObject({ code: 'EEXIST' })
    expect(onDisk('log/1')).toBe('kept')
  })

  test('needs a folder', async () => {
    await expect(files.createLog('nowhere/1')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('holds what was written, each at its place', async () => {
    const log = await files.createLog('log/1')
    await log.write([bytes('ab'), bytes(''), bytes('c')], 0)
    await log.write([bytes('def')], 3)
    await log.write([bytes('X')], 1)
    await log.write([], 1)
    await log.close()
    expect(onDisk('log/1')).toBe('aXcdef')
  })

  test('takes more parts than the system does in one call', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4000), fc.nat(5000), async (count, at) => {
        const parts = Array.from({ length: count }, (_, index) => bytes(`${index},`))
        const log = await files.createLog('log/1')
        await log.write(parts, at)
        await log.close()
        const expected = Buffer.concat([Buffer.alloc(count === 0 ? 0 : at), ...parts])
        expect(readFileSync(join(directory, 'log/1')).equals(expected)).toBe(true)
        await files.remove('log/1')
      }),
      {
        numRuns: 20,
        examples: [
          [1024, 0],
          [1025, 0],
          [3000, 1],
        ],
      },
    )
  })

  test('that grows in small steps has zeros ahead of what is written, until it is closed', async () => {
    const log = await files.createLog('log/1')
    for (let at = 0; at < 20; at++) await log.write([bytes('x')], at)
    const whole = onDisk('log/1')
    expect(whole.length).toBeGreaterThan(100_000)
    expect(whole.replace(/\0+$/, '')).toBe('x'.repeat(20))
    const large = 'y'.repeat(whole.length)
    await log.write([bytes(large)], 20)
    await log.write([bytes('z')], 20)
    await log.close()
    expect(onDisk('log/1') === `${'x'.repeat(20)}z${large.slice(1)}`).toBe(true)
  })

  test('that is closed has no zeros behind what was written', async () => {
    const log = await files.createLog('log/1')
    for (let at = 0; at < 20; at++) await log.write([bytes('x')], at)
    await log.close()
    expect(onDisk('log/1')).toBe('x'.repeat(20))
  })

  test('is closed after the write that is in progress', async () => {
    const log = await files.createLog('log/1')
    const part = Buffer.alloc(1024 * 1024, 'x')
    const written = log.write([part, part], 0)
    await log.close()
    expect(onDisk('log/1')).toHaveLength(2 * part.length)
    await written
    await log.close()
  })

  test('takes one write at a time, and none once closed', async () => {
    const log = await files.createLog('log/1')
    const first = log.write([bytes('a')], 0)
    await expect(log.write([bytes('b')], 1)).rejects.toThrow(AssertionError)
    await first
    await log.close()
    await expect(log.write([bytes('c')], 1)).rejects.toThrow(AssertionError)
    expect(onDisk('log/1')).toBe('a')
  })
})

describe('a file written as a whole', () => {
  test('replaces one of its name', async () => {
    await files.writeWhole('log/whole', [bytes('long before')])
    await files.writeWhole('log/whole', [bytes('af'), bytes('ter')])
    expect(onDisk('log/whole')).toBe('after')
    expect(readdirSync(join(directory, 'log'))).toEqual(['whole'])
  })

  test('leaves nothing behind when it fails', async () => {
    mkdirSync(join(directory, 'log/whole'))
    await expect(files.writeWhole('log/whole', [bytes('a')])).rejects.toMatchObject({
      code: 'EISDIR',
    })
    await expect(files.writeWhole('nowhere/whole', [])).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(join(directory, 'log'))).toEqual(['whole'])
  })

  test('that a process did not finish is not listed, and goes when its folder is made', async () => {
    put('log/whole.unfinished', 'half')
    expect(files.list('log')).toEqual([])
    await files.makeFolder('log')
    expect(readdirSync(join(directory, 'log'))).toEqual([])
  })
})

describe('a file that is read', () => {
  test('gives what there is, at any place', () => {
    put('log/1', 'abcdef')
    const file = files.open('log/1')
    const target = Buffer.alloc(8, '-')
    expect(file.size).toBe(6)
    expect(file.read(target, 3, 2)).toBe(3)
    expect(target.toString()).toBe('cde-----')
    expect(file.read(target, 8, 4)).toBe(2)
    expect(file.read(target, 8, 6)).toBe(0)
    expect(file.read(target, 8, 60)).toBe(0)
    file.close()
  })

  test('grows with what is written meanwhile', async () => {
    const log = await files.createLog('log/1')
    const file = files.open('log/1')
    await log.write([bytes('abc')], 0)
    expect(file.size).toBe(3)
    const target = Buffer.alloc(3)
    file.read(target, 3, 0)
    expect(target.toString()).toBe('abc')
    file.close()
    await log.close()
  })

  test('that is not there is an error of the system', () => {
    expect(() => files.open('log/1')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })

  test('is not read once closed', () => {
    put('log/1', 'abc')
    const file = files.open('log/1')
    file.close()
    file.close()
    expect(() => file.read(Buffer.alloc(1), 1, 0)).toThrow(AssertionError)
    expect(() => file.readAhead(1, 0)).toThrow(AssertionError)
    expect(() => file.size).toThrow(AssertionError)
  })

  /** On Linux a process sees its open files as links. */
  const openFiles = () => readdirSync('/proc/self/fd').length
  const untilOpen = async (count: number) => {
    while (openFiles() > count) await new Promise((resolve) => setImmediate(resolve))
  }

  test('may be closed while it is read ahead, and is closed at the end of that', async () => {
    writeFileSync(join(directory, 'log/1'), Buffer.alloc(8 * 1024 * 1024, 'x'))
    const before = openFiles()
    for (let i = 0; i < 20; i++) {
      const file = files.open('log/1')
      file.readAhead(8 * 1024 * 1024, 0)
      file.readAhead(8 * 1024 * 1024, 4096)
      file.close()
      expect(openFiles()).toBeGreaterThan(before)
      await untilOpen(before)
    }
  })

  test('is read to the same bytes while it is read ahead', async () => {
    const content = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => index % 251))
    writeFileSync(join(directory, 'log/1'), content)
    const before = openFiles()
    const file = files.open('log/1')
    const target = Buffer.alloc(1000)
    for (let at = 0; at < content.length; at += 1000) {
      file.readAhead(300_000, at)
      const count = file.read(target, 1000, at)
      expect(target.subarray(0, count).equals(content.subarray(at, at + 1000))).toBe(true)
      if (at % 50_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    file.close()
    await untilOpen(before)
  })
})

describe('a file', () => {
  test('is cut off, renamed and removed', async () => {
    put('log/1', 'abcdef')
    await files.truncate('log/1', 4)
    expect(onDisk('log/1')).toBe('abcd')
    await files.rename('log/1', 'log/2')
    expect(files.list('log')).toEqual(['2'])
    await files.remove('log/2')
    await files.remove('log/2')
    expect(files.list('log')).toEqual([])
  })

  test('that is not there is neither cut off nor renamed', async () => {
    await expect(files.truncate('log/1', 0)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(files.rename('log/1', 'log/2')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
