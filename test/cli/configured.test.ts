import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../support/certificates.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { Command } from './command.ts'

function start(env: Record<string, string>, args: readonly string[] = []): Command {
  const command = new Command(['--host', '127.0.0.1', '--port', '0', ...args], { env })
  onTestFinished(() => command.end())
  return command
}

async function logIn(port: number, username: string, password: string, vhost: string) {
  const connection = await amqplib.connect({
    hostname: '127.0.0.1',
    port,
    username,
    password,
    vhost,
  })
  await connection.close()
}

test('the variables of the image make the first user and vhost', async () => {
  const env = {
    RABBITMQ_DEFAULT_USER: 'app',
    RABBITMQ_DEFAULT_PASS: 's3cret',
    RABBITMQ_DEFAULT_VHOST: 'shop',
  }
  const port = await start(env).port()
  await logIn(port, 'app', 's3cret', 'shop')
  await expect(logIn(port, 'guest', 'guest', '/')).rejects.toThrow(/ACCESS.REFUSED/)
})

test('mounted files are honoured, and what has no effect is told', async () => {
  const etc = await dataDirectory()
  mkdirSync(join(etc, 'conf.d'))
  const definitions = join(etc, 'definitions.json')
  const user = { name: 'clerk', password: 'pencil', tags: ['administrator'] }
  const all = { configure: '.*', write: '.*', read: '.*' }
  const permissions = [{ user: 'clerk', vhost: 'shop', ...all }]
  const files = {
    'rabbitmq.conf': `load_definitions = ${definitions}\nmqtt.vhost = /\n`,
    'conf.d/10-more.conf': 'channel_max = 7\n',
    enabled_plugins: '[rabbitmq_management,rabbitmq_stomp].',
    'definitions.json': JSON.stringify({ users: [user], vhosts: [{ name: 'shop' }], permissions }),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text)
  const command = start({
    RABBITMQ_CONFIG_FILE: join(etc, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(etc, 'conf.d'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(etc, 'enabled_plugins'),
  })
  const port = await command.port()
  await logIn(port, 'clerk', 'pencil', 'shop')
  command.kill('SIGTERM')
  const log = (await command.ending()).stdout.join('\n')
  expect(log).toContain('rabbitmq.conf:2: mqtt.vhost has no effect: the protocol is not spoken')
  expect(log).toContain('rabbitmq_stomp has no match here')
  expect(log).toContain(`Applying definitions from file at '${definitions}'`)
})

test('what cannot be is told with file and line, and ends the start', async () => {
  const etc = await dataDirectory()
  const file = join(etc, 'rabbitmq.conf')
  writeFileSync(file, '# mine\nheartbeat = often\n')
  const { exitCode, stderr } = await start({ RABBITMQ_CONFIG_FILE: file }).ending()
  expect(exitCode).toBe(2)
  expect(stderr).toEqual([
    `leveret: ${file}:2: heartbeat must be an integer from 0 to 65535, not 'often'`,
  ])
})

test('AMQP over TLS is spoken with the keys of rabbitmq.conf', async () => {
  const etc = await dataDirectory()
  const names = 'DNS:localhost'
  const { cert, key } = await makeCertificate(etc, 'server', { subject: '/CN=server', names })
  const file = join(etc, 'rabbitmq.conf')
  writeFileSync(
    file,
    [
      'listeners.ssl.default = 0',
      `ssl_options.certfile = ${cert}`,
      `ssl_options.keyfile = ${key}`,
      'ssl_options.versions.1 = tlsv1.3',
    ].join('\n'),
  )
  const command = start({ RABBITMQ_CONFIG_FILE: file })
  const line = await command.line('started TLS (SSL) listener on 127.0.0.1:')
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(line) ?? []
  const url = `amqps://guest:guest@localhost:${port}`
  const connection = await amqplib.connect(url, { rejectUnauthorized: false })
  await connection.close()
})
