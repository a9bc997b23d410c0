import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { plaintextStream } from '../../src/cli/plaintext.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { Command } from './command.ts'

const PREFIX = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00 \[\w+\] <0\.\d+\.0> /

const NO_WEB = ['--management-port', 'none', '--prometheus-port', 'none']

async function logOf(args: readonly string[], env: Record<string, string> = {}) {
  const command = new Command(['--host', '127.0.0.1', '--port', '0', ...args], {
    env: { LEVERET_LOG_FORMAT: '', ...env },
  })
  onTestFinished(() => command.end())
  await command.line('Time to start RabbitMQ')
  command.kill('SIGTERM')
  const { stdout, stderr, exitCode } = await command.ending()
  expect({ stderr, exitCode }).toEqual({ stderr: [], exitCode: 0 })
  return stdout
}

test('into a pipe goes what RabbitMQ writes, in its order', async () => {
  const ports = ['--management-port', '0', '--prometheus-port', '0']
  const lines = await logOf(ports)
  const logged = lines.filter((line) => PREFIX.test(line))
  const texts = logged.map((line) => line.replace(PREFIX, ''))
  const tail = texts.slice(texts.indexOf('Ready to start client connection listeners'))
  expect(
    tail.map((text) => text.replace(/(:|port )\d+$/, '$1N').replace(/: \d+ ms/, ': N ms')),
  ).toEqual([
    'Ready to start client connection listeners',
    'started TCP listener on 127.0.0.1:N',
    'Management plugin: HTTP (non-TLS) listener started on port N',
    'Prometheus metrics: HTTP (non-TLS) listener started on port N',
    'Server startup complete; 4 plugins started.',
    ' * rabbitmq_management',
    ' * rabbitmq_prometheus',
    ' * rabbitmq_management_agent',
    ' * rabbitmq_web_dispatch',
    'Time to start RabbitMQ: N ms',
    'SIGTERM received - shutting down',
    'Stopped',
  ])
  expect(logged.find((line) => line.includes('SIGTERM'))).toContain(' [notice] ')
  expect(lines.filter((line) => !PREFIX.test(line))).toEqual([
    '',
    '  Starting broker...',
    ' completed with 4 plugins.',
  ])
})

test('the plug-ins told of are those of the list that the broker stands in for', async () => {
  const directory = await dataDirectory()
  const file = join(directory, 'enabled_plugins')
  await writeFile(file, '[rabbitmq_stomp,rabbitmq_consistent_hash_exchange].\n')
  const lines = await logOf([...NO_WEB, '--plugins-file', file])
  const at = lines.findIndex((line) => line.endsWith('Server startup complete; 1 plugins started.'))
  expect(lines[at + 1]).toMatch(/> {2}\* rabbitmq_consistent_hash_exchange$/)
  expect(lines.join('\n')).toContain('rabbitmq_stomp has no match here')
})

test('rabbitmq.conf asks for JSON in its own words, and a file takes the same lines', async () => {
  const directory = await dataDirectory()
  const file = join(directory, 'rabbitmq.conf')
  const log = join(directory, 'rabbit.log')
  await writeFile(file, 'log.console.formatter = json\n')
  const command = new Command(
    ['--host', '127.0.0.1', '--port', '0', ...NO_WEB, '--config-file', file, '--log-file', log],
    { env: { LEVERET_LOG_FORMAT: '' } },
  )
  onTestFinished(() => command.end())
  const written = () => readFile(log, 'utf8').catch(() => '')
  await expect.poll(written, { timeout: 20_000 }).toContain('Time to start')
  command.kill('SIGTERM')
  expect(await command.ending()).toMatchObject({ stdout: [], stderr: [], exitCode: 0 })
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).msg).at(-1)).toBe('Stopped')
})

test('each line of a message and of an error has its own beginning', () => {
  const written: string[] = []
  const stream = plaintextStream({ write: (text) => void written.push(text) })
  const time = '2026-01-01T10:00:00.123Z'
  stream.write(JSON.stringify({ time, level: 'warn', msg: 'one\ntwo' }))
  stream.write(
    JSON.stringify({ time, level: 'error', msg: 'bad', err: { stack: 'Error: x\n  at y' } }),
  )
  expect(written).toEqual([
    '2026-01-01 10:00:00.123000+00:00 [warning] <0.1.0> one\n' +
      '2026-01-01 10:00:00.123000+00:00 [warning] <0.1.0> two\n',
    '2026-01-01 10:00:00.123000+00:00 [error] <0.1.0> bad\n' +
      '2026-01-01 10:00:00.123000+00:00 [error] <0.1.0> Error: x\n' +
      '2026-01-01 10:00:00.123000+00:00 [error] <0.1.0>   at y\n',
  ])
})
