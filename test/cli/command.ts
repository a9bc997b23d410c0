import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** As a path of its own, so that it is found from any directory. */
const TSX = import.meta.resolve('tsx')
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const FROM_SOURCES = ['--import', TSX, MAIN]

/** How a command went. */
export type Ending = {
  readonly exitCode: number | null
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
}

/**
 * A `leveret` in a process of its own, started from the sources unless another entry is given. It keeps nothing unless
 * it is told to, and logs JSON lines.
 */
export class Command {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>
  private readonly stdout: string[] = []
  private readonly stderr: string[] = []
  private readonly ended: Promise<unknown>
  private isEnded = false
  private readonly waiting = new Set<() => void>()

  constructor(
    args: readonly string[],
    { env = {}, entry = FROM_SOURCES, cwd = process.cwd() }: CommandOptions = {},
  ) {
    this.child = spawn(process.execPath, [...entry, ...args], {
      env: {
        ...withoutSettings(process.env),
        LEVERET_DATA_DIR: 'none',
        LEVERET_LOG_FORMAT: 'json',
        ...env,
      },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.gather(this.child.stdout, this.stdout)
    this.gather(this.child.stderr, this.stderr)
    this.ended = once(this.child, 'close').then(() => {
      this.isEnded = true
      this.lookAgain()
    })
  }

  /** The first line of stdout that contains `text`, once it is there. */
  async line(text: string): Promise<string> {
    for (;;) {
      const found = this.stdout.find((line) => line.includes(text))
      if (found !== undefined) return found
      if (this.isEnded) throw new Error(`no '${text}' in ${this.show()}`)
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  /** The port of the broker, once it accepts connections. */
  async port(): Promise<number> {
    const { port }: { port: number } = JSON.parse(await this.line('Server startup complete'))
    return port
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async ending(): Promise<Ending> {
    await this.ended
    return { exitCode: this.child.exitCode, stdout: this.stdout, stderr: this.stderr }
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  private gather(stream: Readable, lines: string[]): void {
    createInterface(stream).on('line', (line) => {
      lines.push(line)
      this.lookAgain()
    })
  }

  private lookAgain(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }

  private show(): string {
    return [...this.stdout, ...this.stderr].join('\n')
  }
}

type CommandOptions = {
  readonly env?: Environment
  readonly entry?: readonly string[]
  readonly cwd?: string
}

type Environment = { readonly [name: string]: string }

/** What the machine sets for a broker of its own must not reach the one under test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(RABBITMQ|LEVERET)_/.test(name)),
  )
}
