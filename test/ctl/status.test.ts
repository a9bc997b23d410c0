import { totalmem } from 'node:os'
import amqplib from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { Node } from '../../src/cli/node.ts'
import { runTool } from '../../src/ctl/run.ts'
import type { BrokerOptions } from '../../src/index.ts'
import { dataDirectory } from '../support/data-directory.ts'

const LOOPBACK = { host: '127.0.0.1' }

/** A broker with these options, what `rabbitmqctl` prints about it, and what its HTTP API says. */
async function start(options: BrokerOptions) {
  const dataDir = await dataDirectory()
  const places = { amqp: LOOPBACK, management: LOOPBACK, dataDir }
  const { broker, close } = await Node.start({ ...places, ...options }, { level: 'info' })
  onTestFinished(close)
  const command = async (...words: string[]) => {
    const lines: string[] = []
    await runTool('rabbitmqctl', words, {
      env: { LEVERET_DATA_DIR: dataDir },
      out: (text) => void lines.push(text),
      err: (text) => void lines.push(text),
      input: () => Promise.resolve(''),
    })
    return lines.join('')
  }
  const api = async (path: string, login = 'guest:guest') => {
    const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
    const url = `http://127.0.0.1:${broker.management?.port}/api${path}`
    const answer: Answer = JSON.parse(await (await fetch(url, { headers })).text())
    return answer
  }
  return { broker, dataDir, command, api }
}

interface Answer {
  readonly mem_limit: number
  readonly disk_free_limit: number
  readonly cluster_name: string
  readonly name: string
}

test('the watermark of memory is shown as it was set, and the limits of both everywhere', async () => {
  const { broker, command, api } = await start({
    memoryLimit: { ofMemory: 0.4 },
    diskFreeLimit: 2_000_000_000,
  })
  const node = `/nodes/${broker.nodeName}`
  const { mem_limit: limit, disk_free_limit: free } = await api(node)
  expect(limit).toBeLessThanOrEqual(totalmem() * 0.4)
  expect(free).toBe(2_000_000_000)
  const status = await command('status', '--unit', 'b')
  expect(status).toContain(
    `Memory high watermark setting: 0.4 of available memory, computed to: ${limit}.0 b\n`,
  )
  expect(status).toContain('Low free disk space watermark: 2000000000.0 b\n')
  await command('set_vm_memory_high_watermark', '0.2')
  expect((await api(node)).mem_limit).toBe(Math.floor(limit / 2))
  await command('set_vm_memory_high_watermark', 'absolute', '3GB')
  await command('set_disk_free_limit', 'mem_relative', '0.1')
  expect(await command('status')).toContain(
    'Memory high watermark setting: 3.0 gb, computed to: 3.0 gb\n',
  )
  expect((await api(node)).mem_limit).toBe(3_000_000_000)
  expect((await api(node)).disk_free_limit).toBe(Math.floor(limit / 4))
  expect(JSON.parse(await command('status', '--formatter', 'json'))).toMatchObject({
    vm_memory_high_watermark_setting: { absolute: 3_000_000_000 },
    vm_memory_high_watermark_limit: 3_000_000_000,
  })
})

test('the cluster has the name that it was given last, for clients too', async () => {
  const { broker, command, api } = await start({ clusterName: 'first' })
  const names = async () => {
    const connection = await amqplib.connect(broker.url)
    const { cluster_name: told } = connection.connection.serverProperties
    await connection.close()
    return [told, (await api('/overview')).cluster_name, (await api('/cluster-name')).name]
  }
  expect(await names()).toEqual(['first', 'first', 'first'])
  await command('set_cluster_name', 'second')
  expect(await names()).toEqual(['second', 'second', 'second'])
  expect(await command('cluster_status')).toContain('Cluster name: second\n')
  await command('stop_app')
  await command('start_app')
  expect(await names()).toEqual(['first', 'first', 'first'])
})

test('files that the process was started with are told of, and what it was asked for', async () => {
  const { broker, command, api } = await start({
    process: { configFiles: ['/etc/a.conf'], logFiles: ['/var/a.log'], plugins: ['rabbitmq_x'] },
  })
  const status = await command('status')
  expect(status).toContain('Config files\n\n * /etc/a.conf\n')
  expect(status).toContain('Log file(s)\n\n * /var/a.log\n')
  expect(await api(`/nodes/${broker.nodeName}`)).toMatchObject({
    config_files: ['/etc/a.conf'],
    log_files: ['/var/a.log'],
    enabled_plugins: ['rabbitmq_x'],
  })
})

test('logins are counted, over AMQP and over HTTP', async () => {
  const { broker, api } = await start({})
  await (await amqplib.connect(broker.url)).close()
  await amqplib.connect(broker.url.replace('guest@', 'wrong@')).catch(() => {})
  await api('/overview', 'guest:wrong')
  const attempts = await api(`/auth/attempts/${broker.nodeName}`)
  const counted = (all: number, failed: number) => ({
    auth_attempts: all,
    auth_attempts_failed: failed,
    auth_attempts_succeeded: all - failed,
  })
  expect(attempts).toEqual([
    { protocol: 'amqp091', ...counted(2, 1) },
    { protocol: 'http', ...counted(2, 1) },
  ])
})
