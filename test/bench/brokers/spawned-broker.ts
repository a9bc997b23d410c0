import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { atExit } from '../at-exit.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import type { BrokerUnderTest, BrokerWish, RunningBroker } from './broker.ts'
import { untilFirstConnection } from './first-connection.ts'

/** A command that runs a broker, with its data in `directory`. */
export type Launch = (place: {
  readonly port: number
  readonly directory: string
  readonly isDurable: boolean
}) => { readonly command: string; readonly args: readonly string[] }

/** A broker that starts so quickly that each run has a new one. */
export class SpawnedBroker implements BrokerUnderTest {
  readonly name: string
  private readonly launch: Launch

  constructor(name: string, launch: Launch) {
    this.name = name
    this.launch = launch
  }

  async open({ isDurable }: BrokerWish): Promise<RunningBroker> {
    const directory = temporaryDirectory(tmpdir(), 'leveret-bench')
    return await this.start(await freePort(), directory, isDurable)
  }

  async end(): Promise<void> {}

  private async start(port: number, directory: string, isDurable: boolean): Promise<RunningBroker> {
    const { command, args } = this.launch({ port, directory, isDurable })
    const beginMs = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory })
    atExit(() => child.kill('SIGKILL'))
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-1000)
    })
    child.once('error', (error) => {
      complaint = error.message
    })
    const url = `amqp://guest:guest@127.0.0.1:${port}/`
    const hasEnded = () => child.exitCode !== null || child.pid === undefined
    await untilFirstConnection(url, hasEnded).catch((cause: unknown) => {
      child.kill('SIGKILL')
      throw new Error(`${this.name} did not start: ${complaint}`, { cause })
    })
    return {
      url,
      pid: child.pid ?? null,
      startMs: performance.now() - beginMs,
      restart: async () => {
        await kill(child)
        return await this.start(port, directory, isDurable)
      },
      release: async () => {
        await kill(child)
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}
