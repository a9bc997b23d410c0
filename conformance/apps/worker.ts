import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from './applications.ts'

const running = new Set<Worker>()

/** A process that runs beside the scenarios, at the head of a group of its own. */
export class Worker {
  private readonly child: ChildProcess
  private readonly ended: Promise<number | null>
  private output = ''

  /** @throws Error if the command cannot be started */
  static async start(command: Command): Promise<Worker> {
    const worker = new Worker(command)
    await new Promise((resolve, reject) => {
      worker.child.once('spawn', resolve)
      worker.child.once('error', reject)
    })
    running.add(worker)
    return worker
  }

  private constructor({ command: [file = '', ...args], cwd, env }: Command) {
    this.child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT)
    }
    this.child.stdout?.on('data', keep)
    this.child.stderr?.on('data', keep)
    this.ended = new Promise((resolve) => this.child.once('exit', resolve))
  }

  /** The end of what it wrote. */
  get lastOutput(): string {
    return this.output
  }

  /** Waits for it to end by itself; false if it did not, or not with exit code 0. */
  async hasEnded(timeoutMs: number): Promise<boolean> {
    const timeout = delay(timeoutMs, 'late', { ref: false })
    return (await Promise.race([this.ended, timeout])) === 0
  }

  /** Kills what is left of its group. */
  kill(): void {
    running.delete(this)
    if (this.child.pid === undefined) return
    try {
      process.kill(-this.child.pid, 'SIGKILL')
    } catch (error) {
      // No such process: the group has ended by itself.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}

/** For the case that the runner itself is interrupted. */
export function killAllWorkers(): void {
  for (const worker of running) worker.kill()
}

const KEPT_OUTPUT = 4000
