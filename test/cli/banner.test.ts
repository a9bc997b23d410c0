import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { banner } from '../../src/cli/banner.ts'
import { packageVersion } from '../../src/cli/version.ts'
import { loadConfig } from '../../src/config/load.ts'

const BROKER = { amqp: { port: 5673 }, url: 'amqp://guest:guest@127.0.0.1:5673/' }

test('the banner tells what runs, where, how to log in and how to stop it', () => {
  const { config } = loadConfig({
    args: ['--host', '127.0.0.1,::1', '--data-dir', 'some/dir'],
    env: {},
  })
  expect(banner(config, BROKER).split('\n')).toEqual([
    '',
    `  Leveret ${packageVersion()}, AMQP 0-9-1 like RabbitMQ 4.2`,
    '',
    '  Listening  127.0.0.1:5673, [::1]:5673',
    `  Data in    ${resolve('some/dir')}`,
    '  Log in at  amqp://guest:guest@127.0.0.1:5673/',
    '  as         guest, password guest, vhost /, from this machine only',
    '',
    '  Ctrl-C stops it.',
    '',
    '',
  ])
})

test('the banner does not hold guest to this machine where the settings do not', () => {
  const { config } = loadConfig({ args: ['--loopback-users', 'none'], env: {} })
  expect(banner(config, BROKER)).toMatch(/password guest, vhost \/$/m)
})

test('the banner warns that a broker without a data directory forgets', () => {
  const { config } = loadConfig({ args: ['--data-dir', 'none'], env: {} })
  expect(banner(config, BROKER)).toContain('  Data in    memory, lost when it stops\n')
})
