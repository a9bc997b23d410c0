import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Node } from '../../src/cli/node.ts'
import type { Tool } from '../../src/ctl/command.ts'
import { runTool } from '../../src/ctl/run.ts'
import { dataDirectory } from '../support/data-directory.ts'

const LOOPBACK = { host: '127.0.0.1' }

/** A broker in a process that commands can stop, and what commands say to it. */
async function start() {
  const directory = await dataDirectory()
  const options = { amqp: LOOPBACK, management: LOOPBACK, dataDir: directory }
  const logger = { level: 'info' }
  const { broker, close } = await Node.start(options, logger)
  onTestFinished(close)
  const env = { LEVERET_DATA_DIR: directory }
  const command = (...words: string[]) => run('rabbitmqctl', words, env)
  const diagnose = (...words: string[]) => run('rabbitmq-diagnostics', words, env)
  return { broker, directory, logger, command, diagnose, close }
}

async function run(tool: Tool, words: readonly string[], env: Record<string, string>) {
  let [stdout, stderr] = ['', '']
  const exitCode = await runTool(tool, words, {
    env,
    out: (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
    input: () => Promise.resolve(''),
  })
  return { exitCode, stdout, stderr }
}

test('the socket is in the data directory, and nobody else may open it', async () => {
  const { directory } = await start()
  const { mode } = await stat(join(directory, 'control.sock'))
  expect(mode & 0o777).toBe(0o600)
})

test('a broker that is not there is told of with 69', async () => {
  const env = { LEVERET_DATA_DIR: await dataDirectory() }
  expect((await run('rabbitmqctl', ['list_queues'], env)).exitCode).toBe(69)
  const ping = await run('rabbitmq-diagnostics', ['-q', 'ping'], env)
  expect(ping).toEqual({
    exitCode: 69,
    stdout: '',
    stderr: expect.stringMatching(/^Error:\nFailed to connect and authenticate to rabbit@/),
  })
})

test('commands reach a broker over HTTP with a login, and not with another', async () => {
  const { broker } = await start()
  const at = (login: string) => `http://${login}@127.0.0.1:${broker.management?.port}`
  const good = await run('rabbitmqctl', ['-q', 'list_vhosts'], { LEVERET_API: at('guest:guest') })
  expect(good.stdout).toBe('name\n/\n')
  const bad = await run('rabbitmqctl', ['list_vhosts'], { LEVERET_API: at('guest:wrong') })
  expect(bad.exitCode).toBe(69)
})

describe('a user that a command adds', () => {
  test('may log in once a vhost is open to it', async () => {
    const { broker, command } = await start()
    await command('add_user', 'ann', 'secret')
    await command('add_vhost', 'shop')
    await command('set_permissions', '-p', 'shop', 'ann', '.*', '.*', '.*')
    const { port } = broker.amqp
    const connection = await amqplib.connect(`amqp://ann:secret@127.0.0.1:${port}/shop`)
    await connection.close()
    const listed = await command('-q', 'list_permissions', '-p', 'shop')
    expect(listed.stdout).toBe('user\tconfigure\twrite\tread\nann\t.*\t.*\t.*\n')
  })

  test('keeps tags when its password changes, and its password when its tags change', async () => {
    const { command } = await start()
    await command('add_user', 'ann', 'one')
    await command('set_user_tags', 'ann', 'monitoring')
    await command('change_password', 'ann', 'two')
    await command('set_user_tags', 'ann', 'monitoring', 'own')
    expect((await command('-q', 'list_users')).stdout).toContain('ann\t[monitoring, own]')
    expect((await command('authenticate_user', 'ann', 'two')).exitCode).toBe(0)
    expect((await command('authenticate_user', 'ann', 'one')).exitCode).toBe(65)
  })
})

describe('connections', () => {
  test('are closed by the identifiers that they are listed with', async () => {
    const { broker, command } = await start()
    const connections = await Promise.all([
      amqplib.connect(broker.url),
      amqplib.connect(broker.url),
    ])
    const closed = connections.map(
      (connection) => new Promise<Error>((resolve) => connection.once('close', resolve)),
    )
    const listed = await command('-q', 'list_connections', 'pid', '--no-table-headers')
    const [first = '', second = ''] = listed.stdout.trim().split('\n')
    expect(new Set([first, second]).size).toBe(2)
    await command('close_connection', first, 'enough')
    expect((await Promise.race(closed)).message).toContain('enough')
    expect((await command('-q', 'list_connections', 'pid')).stdout).toBe(`pid\n${second}\n`)
    const all = await command('close_all_connections', 'all of them')
    expect(all.stdout).toContain('Closed 1 connections')
    await Promise.all(closed)
  })
})

describe('alarms', () => {
  test.each([
    [
      ['set_vm_memory_high_watermark', '0.000000001'],
      ['set_vm_memory_high_watermark', '0.4'],
    ],
    [
      ['set_disk_free_limit', '1000000GB'],
      ['set_disk_free_limit', '50MB'],
    ],
    [
      ['eval', 'rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []}).'],
      ['eval', 'rabbit_alarm:clear_alarm({resource_limit, disk, node()}).'],
    ],
  ])('are on and off at once after %j', async (raise, clear) => {
    const { command, diagnose } = await start()
    expect((await command(...raise)).exitCode).toBe(0)
    expect((await diagnose('check_alarms')).exitCode).toBe(69)
    expect((await command(...clear)).exitCode).toBe(0)
    expect((await diagnose('check_alarms')).exitCode).toBe(0)
  })
})

describe('stop_app', () => {
  test('drops connections and start_app gives everything back on the same port', async () => {
    const { broker, command, diagnose } = await start()
    const connection = await amqplib.connect(broker.url)
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue('kept')
    channel.sendToQueue('kept', Buffer.from('x'), { persistent: true })
    await channel.waitForConfirms()
    const dropped = new Promise((resolve) => connection.once('close', resolve))
    expect((await command('stop_app')).exitCode).toBe(0)
    await dropped
    expect((await diagnose('-q', 'ping')).stdout).toBe('Ping succeeded\n')
    expect((await diagnose('check_running')).exitCode).toBe(69)
    expect((await command('list_queues')).exitCode).toBe(64)
    await expect(amqplib.connect(broker.url)).rejects.toThrow('ECONNREFUSED')
    expect((await command('start_app')).exitCode).toBe(0)
    expect((await command('await_startup')).exitCode).toBe(0)
    expect((await command('-q', 'list_queues')).stdout).toBe('name\tmessages\nkept\t1\n')
    await (await amqplib.connect(broker.url)).close()
  })

  test('comes before reset, which leaves nothing', async () => {
    const { command } = await start()
    await command('add_vhost', 'gone')
    expect((await command('reset')).exitCode).toBe(64)
    await command('stop_app')
    expect((await command('reset')).exitCode).toBe(0)
    await command('start_app')
    expect((await command('-q', 'list_vhosts')).stdout).toBe('name\n/\n')
  })
})

describe('settings', () => {
  test('that are evaluated hold for connections to come', async () => {
    const { broker, command } = await start()
    const set = await command('eval', 'application:set_env(rabbit, channel_max, 1).')
    expect(set.stdout).toBe('ok\n')
    const connection = await amqplib.connect(broker.url)
    await connection.createChannel()
    await expect(connection.createChannel()).rejects.toThrow()
    await connection.close()
    await command('eval', 'application:set_env(rabbit, loopback_users, []).')
    const got = 'eval {ok, V} = application:get_env(rabbit, loopback_users), V.'.split(/ (.*)/)
    expect((await command(got[0] ?? '', got[1] ?? '')).stdout).toBe('[]\n')
    expect((await command('eval', 'nosuch:thing().')).exitCode).toBe(69)
    expect((await command('eval', 'application:set_env(rabbit.')).exitCode).toBe(64)
  })

  test('of the log take effect', async () => {
    const { command, logger } = await start()
    await command('set_log_level', 'debug')
    expect(logger.level).toBe('debug')
    expect((await command('set_log_level', 'loud')).exitCode).toBe(69)
  })
})

test('definitions go out to a file and come back', async () => {
  const { directory, command } = await start()
  await command('add_vhost', 'v', '--description', 'first')
  const file = join(directory, 'definitions.json')
  expect((await command('export_definitions', file)).exitCode).toBe(0)
  await command('delete_vhost', 'v')
  expect((await command('import_definitions', file)).exitCode).toBe(0)
  expect((await command('-q', 'list_vhosts', 'name', 'description')).stdout).toContain('v\tfirst')
})
