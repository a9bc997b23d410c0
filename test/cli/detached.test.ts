import { expect, onTestFinished, test } from 'vitest'
import { runTool } from '../../src/ctl/run.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { Command } from './command.ts'

const LOOPBACK = ['--host', '127.0.0.1', '--port', '0', '--management-port', 'none']

test('a detached broker runs on when the command has come back, until it is stopped', async () => {
  const env = { LEVERET_DATA_DIR: await dataDirectory(), LEVERET_PROMETHEUS_PORT: 'none' }
  const lines: string[] = []
  const tell = (...words: string[]) =>
    runTool('rabbitmqctl', words, {
      env,
      out: (text) => void lines.push(text),
      err: (text) => void lines.push(text),
      input: () => Promise.resolve(''),
    })
  onTestFinished(async () => void (await tell('stop', '--idempotent')))
  const { exitCode, stdout, stderr } = await new Command(['-detached', ...LOOPBACK], {
    env,
  }).ending()
  expect([exitCode, stdout, stderr]).toEqual([0, [], []])
  expect(await tell('await_startup', '-t', '20')).toBe(0)
  expect(await tell('-q', 'status')).toBe(0)
  expect(lines.join('')).toContain('Virtual host count: 1')
  expect(await tell('-q', 'shutdown')).toBe(0)
  expect(await tell('-q', 'status')).toBe(69)
})

test('a detached broker is not started with a flag that there is not', async () => {
  const { exitCode, stderr } = await new Command(['-detached', '--prot', '1']).ending()
  expect([exitCode, stderr]).toEqual([2, ['leveret: unknown flag --prot, did you mean --port?']])
})
