import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isRabbitMqInstalled, startRabbitMq } from './support/rabbitmq-node.ts'

process.exitCode = await main()

/** Runs the suite on a RabbitMQ that lives only that long. */
async function main(): Promise<number> {
  if (!isRabbitMqInstalled()) {
    process.stderr.write('rabbitmq-server is not installed (apt-get install rabbitmq-server)\n')
    return 1
  }
  const interrupt = new AbortController()
  process.on('SIGINT', () => interrupt.abort())
  process.on('SIGTERM', () => interrupt.abort())
  const node = await startRabbitMq()
  try {
    return await runSuite(['--url', node.url, ...process.argv.slice(2)], interrupt.signal)
  } finally {
    await node.stop()
  }
}

/** In a process of its own: an interrupt ends the suite, and then the node. */
function runSuite(args: string[], signal: AbortSignal): Promise<number> {
  if (signal.aborted) return Promise.resolve(1)
  const suite = fileURLToPath(new URL('./run.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, suite, ...args], { stdio: 'inherit' })
  signal.addEventListener('abort', () => child.kill())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
