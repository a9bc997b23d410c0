import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { atExit } from './at-exit.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/**
 * Makes a broker's program, unless given that of this folder, one file of JavaScript, so that a start is that of a broker
 * and not of a compiler.
 */
export async function buildBroker(
  program = new URL('broker-program.ts', import.meta.url),
): Promise<string> {
  const path = join(temporaryDirectory(tmpdir(), 'leveret-broker'), 'broker.mjs')
  await build({
    entryPoints: [fileURLToPath(program)],
    outfile: path,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
  })
  return path
}

export interface LogLine {
  readonly level: string
  readonly message: string
}

/** A broker in another process, on a data directory. */
export class BrokerProcess {
  readonly pid: number
  readonly url: string
  readonly port: number
  /** From the start of the process until it accepted connections. */
  readonly startMs: number
  private readonly child: ChildProcess
  private readonly log: readonly LogLine[]

  private constructor(child: ChildProcess, url: string, startMs: number, log: readonly LogLine[]) {
    this.child = child
    this.pid = child.pid ?? 0
    this.url = url
    this.port = Number(new URL(url).port)
    this.startMs = startMs
    this.log = log
  }

  /** Rejects with what it logged when it ends instead of accepting connections. */
  static async start(program: string, dataDir: string): Promise<BrokerProcess> {
    const beginMs = performance.now()
    const child = spawnBroker(program, dataDir)
    const log: LogLine[] = []
    const { stdout } = child
    if (stdout === null) throw new Error('no pipe from the broker')
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(stdout).on('line', (text) => {
        const line: LogLine | { readonly url: string } = JSON.parse(text)
        if ('url' in line) resolve(line.url)
        else log.push(line)
      })
      child.once('close', (code) => reject(new Error(`ended with ${code}: ${shown(log)}`)))
    })
    return new BrokerProcess(child, url, performance.now() - beginMs, log)
  }

  /** Starts a broker and kills it so soon that it may not even accept connections. */
  static async killAtStart(program: string, dataDir: string, afterMs: number): Promise<void> {
    const child = spawnBroker(program, dataDir)
    child.stdout?.resume()
    const closed = once(child, 'close')
    setTimeout(() => child.kill('SIGKILL'), afterMs)
    await closed
  }

  /** What it has logged so far. */
  get logLines(): readonly LogLine[] {
    return this.log
  }

  /** Power off, as far as a process knows. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** An orderly end. Throws when it was none. */
  async stop(): Promise<void> {
    const code = await this.end('SIGTERM')
    if (code !== 0) throw new Error(`ended with ${code}: ${shown(this.log)}`)
  }

  private async end(signal: NodeJS.Signals): Promise<unknown> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode
    const closed = once(this.child, 'close')
    this.child.kill(signal)
    const [code] = await closed
    return code
  }
}

function spawnBroker(program: string, dataDir: string): ChildProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  atExit(() => child.kill('SIGKILL'))
  return child
}

function shown(log: readonly LogLine[]): string {
  return log.map(({ level, message }) => `${level} ${message}`).join('\n')
}
