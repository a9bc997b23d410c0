import { once } from 'node:events'
import { readdir, realpath } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { packageVersion } from '../../src/cli/version.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { Command, type Ending } from './command.ts'
import { connectMuteClient } from './mute-client.ts'

const LOOPBACK = ['--host', '127.0.0.1', '--port', '0', '--management-port', '0']

function start(args: readonly string[], env: Record<string, string> = {}): Command {
  const command = new Command(args, { env })
  onTestFinished(() => command.end())
  return command
}

function endingOf(args: readonly string[], env: Record<string, string> = {}): Promise<Ending> {
  return start(args, env).ending()
}

function connect(port: number, hostname = '127.0.0.1') {
  return amqplib.connect({ hostname, port, username: 'guest', password: 'guest' })
}

async function listenAnywhere(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

async function freePort(): Promise<number> {
  const { server, port } = await listenAnywhere()
  server.close()
  await once(server, 'close')
  return port
}

describe('a broker that starts', () => {
  test('serves clients once it says that start-up is complete', async () => {
    const command = start(['serve', ...LOOPBACK])
    const connection = await connect(await command.port())
    const channel = await connection.createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    channel.sendToQueue(queue, Buffer.from('hello'))
    const message = await new Promise<string | undefined>((resolve) => {
      void channel.consume(queue, (delivery) => resolve(delivery?.content.toString()))
    })
    expect(message).toBe('hello')
    await connection.close()
  })

  test('writes nothing but JSON lines into a pipe, and nothing to stderr', async () => {
    const command = start(LOOPBACK)
    await command.port()
    command.kill('SIGTERM')
    const { stdout, stderr } = await command.ending()
    const messages = stdout.map((line) => JSON.parse(line).msg)
    expect(messages.join('\n')).toContain('Server startup complete; 4 plugins started.')
    expect(stderr).toEqual([])
  })

  test.each(['debug', 'error', 'silent'])('says so at log level %s', async (level) => {
    const command = start([...LOOPBACK, '--log-level', level])
    expect(JSON.parse(await command.line('Server startup complete'))).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      port: expect.any(Number),
    })
  })

  test('listens where the environment says', async () => {
    const port = await freePort()
    const env = { RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1', RABBITMQ_NODE_PORT: String(port) }
    expect(await start([], env).port()).toBe(port)
    const connection = await connect(port)
    await connection.close()
  })

  test('listens on every address where none is given', async () => {
    const port = await start(['--port', '0', '--management-port', '0']).port()
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      const connection = await connect(port, address)
      await connection.close()
    }
  })

  test('hands its limits to clients', async () => {
    const args = [...LOOPBACK, '--max-message-size', '3']
    const connection = await connect(await start(args).port())
    const channel = await connection.createChannel()
    const failed = once(channel, 'error')
    channel.publish('', 'q', Buffer.from('four'))
    const [error] = await failed
    expect(error.message).toContain('message size 4 is larger than configured max size 3')
    await connection.close()
  })
})

describe('the data directory', () => {
  test('is ./data where none is given, and is there at the next start', async () => {
    const cwd = await dataDirectory()
    const first = startIn(cwd)
    const connection = await connect(await first.port())
    await (await connection.createChannel()).assertQueue('q')
    await connection.close()
    first.kill('SIGTERM')
    expect(await first.ending()).toMatchObject({ exitCode: 0, stderr: [] })
    expect(await readdir(cwd)).toEqual(['data'])
    const second = startIn(cwd)
    const again = await connect(await second.port())
    await (await again.createChannel()).checkQueue('q')
    await again.close()
    expect(JSON.parse(await second.line('opened the data directory')).msg).toContain(
      `${join(await realpath(cwd), 'data')} in `,
    )
  })

  test('is not made where none is wanted', async () => {
    const cwd = await dataDirectory()
    const command = startIn(cwd, ['--data-dir', 'none'])
    await command.port()
    expect(await readdir(cwd)).toEqual([])
  })

  test('that another broker uses is told in one line', async () => {
    const cwd = await dataDirectory()
    await startIn(cwd).port()
    const { exitCode, stderr } = await startIn(cwd).ending()
    expect(stderr).toEqual([
      expect.stringMatching(/^leveret: the data directory .+data is in use by process \d+$/),
    ])
    expect(exitCode).toBe(1)
  })

  function startIn(cwd: string, args: readonly string[] = []): Command {
    const command = new Command([...LOOPBACK, ...args], { cwd, env: { LEVERET_DATA_DIR: '' } })
    onTestFinished(() => command.end())
    return command
  }
})

describe('a broker that cannot start', () => {
  test('says in one line that the port is in use', async () => {
    const { server, port } = await listenAnywhere()
    onTestFinished(() => void server.close())
    const ending = await endingOf(['--host', '127.0.0.1', '--port', String(port)])
    expect(ending.stderr).toEqual([`leveret: port ${port} is in use on 127.0.0.1`])
    expect(ending.exitCode).toBe(1)
  })

  test('says in one line that it cannot bind an address', async () => {
    // Set aside for documentation (RFC 5737), so no machine has it.
    const ending = await endingOf(['--host', '192.0.2.1', '--port', '0'])
    expect(ending.stderr).toEqual(['leveret: cannot listen on 192.0.2.1, port 0: no such address'])
    expect(ending.exitCode).toBe(1)
  })

  test('says in one line each what is wrong with flags and variables', async () => {
    const ending = await endingOf(['--prot', '1'], { LEVERET_COMPAT: '2' })
    expect(ending).toEqual({
      exitCode: 2,
      stdout: [],
      stderr: [
        'leveret: unknown flag --prot, did you mean --port?',
        "leveret: LEVERET_COMPAT must be one of 3.13, 4.2, 4.3, not '2'",
      ],
    })
  })
})

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s closes connections and ends with 0',
    async (signal) => {
      const command = start(LOOPBACK)
      const connection = await connect(await command.port())
      const closed = once(connection, 'close')
      command.kill(signal)
      const [error] = await closed
      expect(error).toMatchObject({ code: 320 })
      const { exitCode, stdout } = await command.ending()
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout.at(-1) ?? '').msg).toBe('Stopped')
    },
  )

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s while closing ends at once with %i', async (signal, exitCode) => {
    const command = start(LOOPBACK)
    const client = await connectMuteClient(await command.port())
    client.on('error', () => {}) // the end of the process may reset the connection
    onTestFinished(() => void client.destroy())
    command.kill('SIGTERM')
    await command.line('SIGTERM received - shutting down')
    command.kill(signal)
    expect((await command.ending()).exitCode).toBe(exitCode)
  })
})

describe('without a broker', () => {
  test('--version prints the version', async () => {
    const ending = await endingOf(['--version'])
    expect(ending).toEqual({ exitCode: 0, stdout: [packageVersion()], stderr: [] })
  })

  test('--help prints the help', async () => {
    const { exitCode, stdout, stderr } = await endingOf(['serve', '--help'])
    expect(stdout).toContain('Usage')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: [] })
  })

  test('an unknown command is told in one line', async () => {
    const ending = await endingOf(['srve'])
    expect(ending).toEqual({
      exitCode: 2,
      stdout: [],
      stderr: ["leveret: unknown command 'srve', did you mean serve?"],
    })
  })
})
