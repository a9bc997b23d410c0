import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Broker, createBroker } from '../../src/index.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { Command, type Ending } from './command.ts'

function endingOf(...args: readonly string[]): Promise<Ending> {
  const command = new Command(['store', ...args])
  onTestFinished(() => command.end())
  return command.ending()
}

describe('leveret store', () => {
  test('inspect prints what is in a data directory', async () => {
    const directory = await closed()
    const { exitCode, stdout, stderr } = await endingOf('inspect', directory)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: [] })
    expect(stdout[0]).toBe(directory)
    expect(stdout[1]).toMatch(/^Checkpoint \d+, 0 records behind it$/)
    expect(stdout).toContain(
      '1 vhost, 1 user, 1 permission, 0 policies, 0 exchanges, 2 queues, 0 bindings',
    )
    const at = stdout.findIndex((line) => line.startsWith('VHOST'))
    expect(stdout.slice(at, at + 3)).toEqual([
      'VHOST  QUEUE   MESSAGES  BYTES',
      '/      empty          0      0',
      '/      orders     1,200  6,000',
    ])
    expect(stdout.join('\n')).toMatch(/^log\/\d{10}\.log +[\d,]+ +1,200 +6,000$/m)
  })

  test('inspect prints JSON if it is asked to', async () => {
    const directory = await closed()
    const { stdout } = await endingOf('inspect', directory, '--json')
    const orders = { vhost: '/', kind: 'queue', name: 'orders', messages: 1200, bytes: 6000 }
    expect(JSON.parse(stdout.join('\n'))).toMatchObject({
      directory,
      process: null,
      queues: [{ name: 'empty' }, { ...orders, isDeclared: true }],
      damage: [],
    })
  })

  test('verify says that all is well', async () => {
    const { exitCode, stdout, stderr } = await endingOf('verify', await closed())
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: [] })
    expect(stdout[2]).toMatch(
      /^Read \d+ files, [\d,]+ records, .+; 1,200 messages waiting and whole.$/,
    )
    expect(stdout.at(-1)).toBe('Nothing is damaged.')
  })

  test('verify says what is damaged and what it costs', async () => {
    const directory = await closed()
    await damageLog(directory)
    const { exitCode, stdout, stderr } = await endingOf('verify', directory)
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: [] })
    expect(stdout.slice(-5)).toEqual([
      'Damage:',
      expect.stringMatching(/^ {2}log\/\d{10}\.log: \d+ bytes at \d+ are damaged$/),
      '',
      'Lost:',
      "  1 message of queue 'orders' in vhost '/'",
    ])
    const json = JSON.parse((await endingOf('verify', directory, '--json')).stdout.join('\n'))
    const queue = { vhost: '/', kind: 'queue', name: 'orders' }
    expect(json).toMatchObject({ messages: 1199, lost: [{ ...queue, messages: 1 }] })
  })

  test.each(['inspect', 'verify'])('%s tells who uses the directory', async (action) => {
    const dataDir = await dataDirectory()
    const broker = await createBroker({ dataDir })
    onTestFinished(() => broker.close())
    await fill(broker)
    const { exitCode, stdout } = await endingOf(action, dataDir)
    expect(stdout[0]).toBe(`${dataDir}, in use by process ${process.pid} while this was read`)
    expect(exitCode).toBe(0)
  })

  test.each(['inspect', 'verify'])('%s says that there is no data directory', async (action) => {
    const directory = join(await dataDirectory(), 'nowhere')
    expect(await endingOf(action, directory)).toEqual({
      exitCode: 1,
      stdout: [],
      stderr: [`leveret: ${directory} is no data directory`],
    })
  })

  test('verify says in one line that nothing can be read', async () => {
    const directory = await closed()
    for (const name of await readdir(join(directory, 'checkpoint'))) {
      await writeFile(join(directory, 'checkpoint', name), 'what is this')
    }
    const { exitCode, stdout, stderr } = await endingOf('verify', directory)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: [] })
    expect(stderr).toEqual([expect.stringMatching(/^leveret: the data directory .*is damaged/)])
  })

  test('without a directory is told in one line', async () => {
    expect(await endingOf('verify')).toEqual({
      exitCode: 2,
      stdout: [],
      stderr: ['leveret: store verify needs a directory'],
    })
  })
})

/** A data directory that a broker has left behind. */
async function closed(): Promise<string> {
  const dataDir = await dataDirectory()
  const broker = await createBroker({ dataDir })
  await fill(broker)
  await broker.close()
  return dataDir
}

async function fill(broker: Broker): Promise<void> {
  const connection = await amqplib.connect(broker.url)
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue('empty')
  await channel.assertQueue('orders')
  for (let i = 0; i < 1200; i++) {
    channel.sendToQueue('orders', Buffer.from('order'), { persistent: true })
  }
  await channel.waitForConfirms()
  await connection.close()
}

/** Changes the body of one message. */
async function damageLog(directory: string): Promise<void> {
  for (const name of await readdir(join(directory, 'log'))) {
    const path = join(directory, 'log', name)
    const bytes = await readFile(path)
    const at = bytes.lastIndexOf('order')
    if (at === -1) continue
    await writeFile(path, bytes.fill('0', at, at + 5))
    return
  }
  throw new Error('no log file holds a message')
}
