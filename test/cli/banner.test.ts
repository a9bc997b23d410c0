import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { banner } from '../../src/cli/banner.ts'
import { packageVersion } from '../../src/cli/version.ts'
import { loadConfig } from '../../src/config/load.ts'

const BROKER = { amqp: { port: 5673 }, amqps: null, url: 'amqp://guest:guest@127.0.0.1:5673/' }

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

test('the banner does not show a password that somebody has chosen', () => {
  const args = ['--default-user=app', '--default-pass=s3cret', '--default-vhost=shop']
  const { config } = loadConfig({ args, env: {} })
  const broker = { ...BROKER, amqps: { port: 5671 }, url: 'amqp://app:s3cret@127.0.0.1:5673/shop' }
  const shown = banner(config, broker)
  expect(shown).not.toContain('s3cret')
  expect(shown).toContain('  Listening  [::]:5673, TLS on port 5671\n')
  expect(shown).toContain('  Log in at  amqp://app@127.0.0.1:5673/shop\n')
  expect(shown).toContain('  as         app, vhost shop\n')
})

test('the banner warns that a broker without a data directory forgets', () => {
  const { config } = loadConfig({ args: ['--data-dir', 'none'], env: {} })
  expect(banner(config, BROKER)).toContain('  Data in    memory, lost when it stops\n')
})
