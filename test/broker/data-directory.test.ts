import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BrokerError, type BrokerOptions, createBroker } from '../../src/index.ts'
import { FORMAT_VERSION, HEADER_SIZE } from '../../src/store/log/format.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { LogLines } from './log-lines.ts'
import { runProgram } from './program.ts'
import { connectTo, startBroker } from './running-broker.ts'

describe('a broker without a data directory', () => {
  test('keeps nothing, and says nothing of it', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const channel = await (await connectTo(broker)).createChannel()
    await channel.assertQueue('q')
    expect(log.lines.filter((line) => !/connection|listener/.test(line))).toEqual([
      "info User 'guest' authenticated successfully",
    ])
  })

  test('has made every change durable at once', async () => {
    const { administration } = await startBroker()
    administration.addVhost('shop')
    await administration.whenDurable()
  })
})

describe('a data directory', () => {
  test('is made with the folders above it', async () => {
    const dataDir = join(await dataDirectory(), 'some', 'where')
    const log = new LogLines()
    await startBroker({ dataDir, logger: log })
    expect(await readdir(dataDir)).toContain('lock')
    expect(log.lines[0]).toMatch(/^info made the data directory .+\/some\/where in \d+ ms$/)
  })

  test('begins with guest, who may do anything in the vhost /', async () => {
    const broker = await startBroker({ dataDir: await dataDirectory() })
    const channel = await (await connectTo(broker)).createChannel()
    await channel.assertQueue('q')
    await broker.administration.whenDurable()
  })

  test('is one broker at a time', async () => {
    const dataDir = await dataDirectory()
    const broker = await startBroker({ dataDir })
    expect(await failureOf({ dataDir })).toMatchObject({
      name: 'BrokerError',
      code: 'DATA_DIR_IN_USE',
      message: expect.stringContaining(`${dataDir} is in use`),
    })
    await connectTo(broker)
    await broker.close()
    await startBroker({ dataDir })
  })

  test('is let go of by a broker that closes, also twice at once', async () => {
    const dataDir = await dataDirectory()
    const broker = await startBroker({ dataDir })
    await Promise.all([broker.close(), broker.close()])
    expect(await readdir(dataDir)).not.toContain('lock')
  })
})

describe('a data directory that cannot be used', () => {
  test('because there is a file in its place', async () => {
    const dataDir = join(await dataDirectory(), 'file')
    await writeFile(dataDir, '')
    expect(await failureOf({ dataDir })).toMatchObject({
      code: 'DATA_DIR_NOT_WRITABLE',
      message: expect.stringContaining(dataDir),
      cause: { code: 'EEXIST' },
    })
  })

  test('because it would lie in a file', async () => {
    const file = join(await dataDirectory(), 'file')
    await writeFile(file, '')
    expect(await failureOf({ dataDir: join(file, 'below') })).toMatchObject({
      code: 'DATA_DIR_NOT_WRITABLE',
      cause: { code: 'ENOTDIR' },
    })
  })

  test.each([
    ['newer', FORMAT_VERSION + 1, 'DATA_DIR_TOO_NEW'],
    ['older', FORMAT_VERSION - 1, 'DATA_DIR_TOO_OLD'],
  ])('because a %s version has written to it', async (_age, version, code) => {
    const dataDir = await dataDirectory()
    await (await createBroker({ dataDir })).close()
    await changeCheckpoints(dataDir, (bytes) => {
      bytes.writeUInt16LE(version, 8)
      bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
    })
    expect(await failureOf({ dataDir })).toMatchObject({
      code,
      message: expect.stringContaining(`cannot use the data directory ${dataDir}: `),
    })
    expect(await readdir(dataDir)).not.toContain('lock')
  })

  test('because nothing in it can be read', async () => {
    const dataDir = await dataDirectory()
    await (await createBroker({ dataDir })).close()
    await changeCheckpoints(dataDir, (bytes) => void bytes.fill(0, HEADER_SIZE))
    expect(await failureOf({ dataDir })).toMatchObject({
      code: 'DATA_DIR_DAMAGED',
      message: expect.stringContaining(`cannot use the data directory ${dataDir}: `),
    })
    expect(await readdir(dataDir)).not.toContain('lock')
  })

  test.each(['', 5, null, []])('because it is %j', async (dataDir) => {
    const options: BrokerOptions = JSON.parse(JSON.stringify({ dataDir }))
    expect(await failureOf(options)).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'dataDir is no path of a directory',
    })
  })
})

test('a broker that cannot listen lets go of its data directory', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const dataDir = await dataDirectory()
  const amqp = { host: '127.0.0.1', port: address.port }
  expect(await failureOf({ dataDir, amqp })).toMatchObject({ code: 'PORT_IN_USE' })
  expect(await readdir(dataDir)).not.toContain('lock')
  await startBroker({ dataDir })
})

test('options are looked at before the data directory is', async () => {
  const dataDir = join(await dataDirectory(), 'new')
  expect(await failureOf({ dataDir, frameMax: 1 })).toMatchObject({ code: 'INVALID_OPTION' })
  expect(await failureOf({ dataDir, amqp: { port: -1 } })).toMatchObject({ code: 'INVALID_OPTION' })
  await expect(readdir(dataDir)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('twenty brokers with a data directory leave nothing open, nor do those that cannot start', async () => {
  const { exitCode, stdout, stderr } = await runProgram(
    'data-directories',
    [],
    [await dataDirectory()],
  )
  expect(stderr).toEqual([])
  const { outcomes, before, after } = JSON.parse(stdout[0] ?? '')
  const round = ['closed', 'DATA_DIR_IN_USE', 'PORT_IN_USE']
  expect(outcomes).toEqual(Array.from({ length: 20 }, () => round).flat())
  expect(after).toEqual(before)
  expect(exitCode).toBe(0)
})

/** Changes the bytes of every checkpoint. */
async function changeCheckpoints(dataDir: string, change: (bytes: Buffer) => void): Promise<void> {
  const folder = join(dataDir, 'checkpoint')
  const names = await readdir(folder)
  expect(names).not.toEqual([])
  for (const name of names) {
    const bytes = await readFile(join(folder, name))
    change(bytes)
    await writeFile(join(folder, name), bytes)
  }
}

async function failureOf(options: BrokerOptions): Promise<BrokerError> {
  const result = await createBroker(options).catch((error: unknown) => error)
  if (result instanceof BrokerError) return result
  if (result instanceof Error) throw result
  throw new Error('the broker has started')
}
