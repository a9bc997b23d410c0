import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Command } from './command.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

describe('the package as it is built', () => {
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'leveret-build-'))
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'bin']) {
      await cp(join(ROOT, name), join(directory, name), { recursive: true })
    }
    await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction')
    await run('npm', ['run', 'build'], { cwd: directory })
  })

  afterAll(() => rm(directory, { recursive: true, force: true }))

  test('has a command that starts a broker', async () => {
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    const main = join(directory, manifest.bin.leveret)
    expect(await readFile(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const command = new Command(['--host', '127.0.0.1', '--port', '0', '--management-port', '0'], {
      entry: [main],
    })
    expect(await command.port()).toBeGreaterThan(0)
    command.kill('SIGTERM')
    expect(await command.ending()).toMatchObject({ exitCode: 0, stderr: [] })
  })

  test('has the tools of RabbitMQ, which reach the broker', async () => {
    const manifest: { bin: Record<string, string> } = JSON.parse(
      await readFile(join(directory, 'package.json'), 'utf8'),
    )
    const env = { LEVERET_DATA_DIR: join(directory, 'data') }
    const tool = (name: string, ...words: string[]) =>
      run(process.execPath, [join(directory, manifest.bin[name] ?? ''), ...words], {
        env: { ...process.env, ...env },
      })
    const flags = ['--host', '127.0.0.1', '--port', '0', '--management-port', 'none']
    const server = new Command(flags, {
      entry: [join(directory, manifest.bin['rabbitmq-server'] ?? '')],
      env: { ...env, LEVERET_PROMETHEUS_PORT: 'none' },
    })
    await server.port()
    expect((await tool('rabbitmq-diagnostics', '-q', 'ping')).stdout).toBe('Ping succeeded\n')
    expect((await tool('rabbitmqctl', '-q', 'list_vhosts')).stdout).toBe('name\n/\n')
    for (const name of ['rabbitmq-plugins', 'rabbitmq-queues', 'rabbitmq-streams']) {
      expect((await tool(name, 'help')).stdout).toContain(`${name} [--node <node>]`)
    }
    expect((await tool('rabbitmq-upgrade', 'help')).stdout).toContain('rabbitmq-upgrade [--node')
    expect((await tool('rabbitmqadmin', '--help')).stdout).toContain('rabbitmqadmin')
    await tool('rabbitmqctl', 'stop')
    expect(await server.ending()).toMatchObject({ exitCode: 0, stderr: [] })
  })

  test('has a library that starts a broker', async () => {
    const script = `
      import { createBroker } from 'leveret'
      const broker = await createBroker()
      console.log(broker.url)
      await broker.close()
    `
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: directory,
    })
    expect(stdout).toMatch(/^amqp:\/\/guest:guest@127\.0\.0\.1:\d+\n$/)
  })

  test('has the types that its manifest names', async () => {
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    const types = await readFile(join(directory, manifest.exports['.'].types), 'utf8')
    expect(types).toContain('createBroker')
  })
})
