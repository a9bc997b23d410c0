import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import amqplib from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { createBroker } from '../../src/index.ts'

function start(
  name: string,
  url: string,
): { readonly lines: string[]; readonly child: ChildProcess } {
  const path = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
  const env = { ...process.env, AMQP_URL: url, PAUSE_MS: '0' }
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  return { lines, child }
}

test('the example places orders, ships them, and keeps those that cannot be shipped', async () => {
  const broker = await createBroker()
  onTestFinished(() => broker.close())
  const worker = start('worker.js', broker.url)
  const publisher = start('publisher.js', broker.url)
  const timeout = 20_000
  await expect.poll(() => worker.lines, { timeout }).toContain('order 8 is shipped: one hare')
  expect(worker.lines).toContain('order 7 cannot be shipped')
  expect(publisher.lines).toContain('order 8 is placed')
  for (const { child } of [publisher, worker]) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }
  const connection = await amqplib.connect(broker.url)
  const channel = await connection.createChannel()
  const failed = await channel.get('orders.failed')
  expect(failed && JSON.parse(failed.content.toString())).toEqual({ number: 7, item: 'one hare' })
  await connection.close()
})
