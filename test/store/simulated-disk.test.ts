import { describe, expect, test } from 'vitest'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'

const seed = Number(process.env.LEVERET_SEED)
const bytes = (text: string) => Buffer.from(text)
const text = (disk: SimulatedDisk, path: string) => disk.contentOf(path).toString()
const newDisk = async () => {
  const disk = new SimulatedDisk(new Random(seed))
  await disk.makeFolder('log')
  return disk
}

/** Everything that may be left of a disk when its power goes now, as texts that differ. */
function outcomes(disk: SimulatedDisk, describeDisk: (survivor: SimulatedDisk) => string) {
  const random = new Random(seed)
  const found = new Set<string>()
  for (let i = 0; i < 500; i++) found.add(describeDisk(disk.survivor(random)))
  return [...found].sort()
}

const showFiles = (disk: SimulatedDisk) =>
  disk
    .paths()
    .map((path) => `${path}=${text(disk, path)}`)
    .join(' ')

describe('what has resolved survives losing power', () => {
  test('a log and what is written to it', async () => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    expect(outcomes(disk, showFiles)).toEqual(['log/1='])
    await log.write([bytes('ab'), bytes('c')], 0)
    await log.write([bytes('d')], 3)
    expect(outcomes(disk, showFiles)).toEqual(['log/1=abcd'])
    expect(disk).toMatchObject({ operations: 4, writes: 2, bytesWritten: 4, syncs: 4 })
  })

  test('a file written as a whole, and one cut off', async () => {
    const disk = await newDisk()
    await disk.writeWhole('log/a', [bytes('old and long')])
    await disk.writeWhole('log/a', [bytes('ne'), bytes('w')])
    await disk.writeWhole('log/b', [bytes('abcdef')])
    await disk.truncate('log/b', 2)
    expect(outcomes(disk, showFiles)).toEqual(['log/a=new log/b=ab'])
  })
})

describe('what has not resolved may be lost', () => {
  test('a log that is being made is there, empty, or not', async () => {
    const disk = await newDisk()
    disk.isManual = true
    void disk.createLog('log/1')
    expect(disk.list('log')).toEqual([])
    expect(outcomes(disk, showFiles)).toEqual(['', 'log/1='])
  })

  test('a small write is there, cut off anywhere, zeros, or not there', async () => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    await log.write([bytes('ab')], 0)
    disk.isManual = true
    void log.write([bytes('cd')], 2)
    expect(text(disk, 'log/1')).toBe('ab')
    expect(outcomes(disk, showFiles)).toEqual([
      'log/1=ab',
      'log/1=ab\0\0',
      'log/1=abc',
      'log/1=abc\0',
      'log/1=abcd',
    ])
  })

  test('a large write loses any of its sectors', async () => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    await log.write([Buffer.alloc(100, 'a')], 0)
    disk.isManual = true
    void log.write([Buffer.alloc(2000, 'b')], 100)
    const found = outcomes(disk, (survivor) => {
      const content = text(survivor, 'log/1')
      expect(content.startsWith('a'.repeat(100))).toBe(true)
      const sectors = [101, 512, 1024, 1536, 2048].map((at) => content[at] ?? '-')
      return sectors.join('').replaceAll('\0', '0')
    })
    expect(found).toEqual(expect.arrayContaining(['-----', 'bbbbb', '00000']))
    for (const form of [/^b+-+$/, /^b+0+$/, /0+b/, /0b+-/]) {
      expect(found).toContainEqual(expect.stringMatching(form))
    }
  })

  test('of two writes to two files either may be lost', async () => {
    const disk = await newDisk()
    const logs = [await disk.createLog('log/1'), await disk.createLog('log/2')]
    disk.isManual = true
    for (const log of logs) void log.write([bytes('x')], 0)
    const found = outcomes(disk, showFiles)
    expect(found).toEqual(expect.arrayContaining(['log/1=x log/2=', 'log/1= log/2=x']))
  })

  test('a file that is being replaced is the old or the new one', async () => {
    const disk = await newDisk()
    await disk.writeWhole('log/a', [bytes('old')])
    disk.isManual = true
    void disk.writeWhole('log/a', [bytes('new')])
    void disk.writeWhole('log/b', [bytes('new')])
    expect(outcomes(disk, showFiles)).toEqual([
      'log/a=new',
      'log/a=new log/b=new',
      'log/a=old',
      'log/a=old log/b=new',
    ])
  })

  test('a folder is there or not, and a log in one that is not there is refused', async () => {
    const disk = await newDisk()
    disk.isManual = true
    void disk.makeFolder('a/b')
    const found = new Set<boolean>()
    for (let i = 0; i < 50; i++) {
      const survivor = disk.survivor(new Random(seed + i))
      const made = survivor.createLog('a/b/1').then(() => true)
      found.add(await made.catch(() => false))
    }
    expect([...found].sort()).toEqual([false, true])
  })

  test('a fate that is asked for is what happens', async () => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    disk.isManual = true
    void log.write([bytes('ab')], 0)
    for (const [fate, expected] of [
      ['lost', ''],
      ['whole', 'ab'],
    ] as const) {
      expect(
        text(
          disk.survivor(new Random(seed), () => fate),
          'log/1',
        ),
      ).toBe(expected)
    }
  })
})

describe('names', () => {
  test('removed and changed are for certain only when the folder has been synced', async () => {
    const disk = await newDisk()
    for (const name of ['a', 'b']) await disk.writeWhole(`log/${name}`, [bytes(name)])
    await disk.remove('log/a')
    await disk.rename('log/b', 'log/c')
    expect(disk.list('log')).toEqual(['c'])
    expect(outcomes(disk, showFiles)).toEqual([
      'log/a=a log/b=b',
      'log/a=a log/c=b',
      'log/b=b',
      'log/c=b',
    ])
    await disk.createLog('log/d')
    expect(outcomes(disk, showFiles)).toEqual(['log/c=b log/d='])
  })

  test('that are there are not made anew', async () => {
    const disk = await newDisk()
    await disk.createLog('log/1')
    await expect(disk.createLog('log/1')).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(disk.createLog('nowhere/1')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.rename('log/2', 'log/3')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.truncate('log/2', 0)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(() => disk.open('log/2')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    await disk.remove('log/2')
  })
})

describe('a power cut', () => {
  const write = async (disk: SimulatedDisk) => {
    const log = await disk.createLog('log/1')
    await log.write([bytes('a')], 0)
    await log.write([bytes('b')], 1)
    throw new Error('this is never reached')
  }

  test.each([
    ['before', ['log/1=a']],
    ['during', ['log/1=a', 'log/1=a\0', 'log/1=ab']],
    ['after', ['log/1=ab']],
  ] as const)('%s an operation ends everything', async (moment, expected) => {
    const disk = await newDisk()
    const isCut = disk.cutAt(4, moment)
    void write(disk)
    await isCut
    expect(outcomes(disk, showFiles)).toEqual(expected)
    void disk.writeWhole('log/2', []).then(() => expect.unreachable())
    await new Promise((resolve) => setImmediate(resolve))
    expect(outcomes(disk, showFiles)).toEqual(expected)
  })

  test('leaves a disk that works, and what it does is not seen by the other', async () => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    await log.write([bytes('a')], 0)
    const survivor = disk.survivor(new Random(seed))
    await (await survivor.createLog('log/2')).write([bytes('b')], 0)
    await survivor.truncate('log/1', 0)
    await log.write([bytes('c')], 1)
    expect(showFiles(disk)).toBe('log/1=ac')
    expect(showFiles(survivor)).toBe('log/1= log/2=b')
  })
})

describe('a write that fails', () => {
  test.each(['ENOSPC', 'EIO'] as const)('with %s may be there or not, for ever', async (code) => {
    const disk = await newDisk()
    const log = await disk.createLog('log/1')
    disk.failure = { code, after: 2, count: 1 }
    await log.write([bytes('a')], 0)
    await expect(log.write([bytes('b')], 1)).rejects.toMatchObject({ code })
    await disk.createLog('log/2')
    expect(disk.failed).toEqual(['write log/1'])
    expect(outcomes(disk, showFiles)).toEqual([
      'log/1=a\0 log/2=',
      'log/1=a log/2=',
      'log/1=ab log/2=',
    ])
    expect(disk.faults).toEqual([])
    await log.write([bytes('c')], 1)
    expect(disk.faults).toEqual(['log/1 is written to after a write failed'])
  })

  test('for as long as the disk is full, while removing goes on', async () => {
    const disk = await newDisk()
    await disk.createLog('log/1')
    disk.failure = { code: 'ENOSPC', after: 1, count: Number.POSITIVE_INFINITY }
    for (let i = 0; i < 3; i++) {
      await expect(disk.writeWhole('log/2', [])).rejects.toMatchObject({ code: 'ENOSPC' })
      await expect(disk.createLog('log/3')).rejects.toMatchObject({ code: 'ENOSPC' })
    }
    await disk.remove('log/1')
    disk.failure = null
    await disk.writeWhole('log/2', [bytes('a')])
    await disk.writeWhole('log/3', [bytes('b')])
    expect(outcomes(disk, showFiles)).toEqual(['log/2=a log/3=b'])
  })
})

test('a log that is misused is told', async () => {
  const disk = await newDisk()
  const log = await disk.createLog('log/1')
  const first = log.write([bytes('a')], 0)
  await Promise.all([first, log.write([bytes('b')], 1)])
  await log.close()
  await log.write([bytes('c')], 2)
  expect(disk.faults).toEqual([
    'log/1 is written to twice at once',
    'log/1 is written to after it was closed',
  ])
})

test('bytes are those that are there when a write gets to the disk', async () => {
  const disk = await newDisk()
  const log = await disk.createLog('log/1')
  const part = bytes('a')
  const written = log.write([part], 0)
  part.write('b')
  await written
  expect(text(disk, 'log/1')).toBe('b')
})

test('a file that is open stays readable when it is removed, and is counted', async () => {
  const disk = await newDisk()
  await disk.writeWhole('log/1', [bytes('abc')])
  const file = disk.open('log/1')
  await disk.remove('log/1')
  const target = Buffer.alloc(4, '-')
  expect(file.read(target, 4, 1)).toBe(2)
  expect(target.toString()).toBe('bc--')
  expect(disk.openFiles).toBe(1)
  file.close()
  file.close()
  expect(disk.openFiles).toBe(0)
  expect(() => file.read(target, 1, 0)).toThrow(expect.objectContaining({ code: 'EBADF' }))
})
