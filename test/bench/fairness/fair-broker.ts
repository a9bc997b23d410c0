import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { atExit } from '../at-exit.ts'
import { buildBroker } from '../broker-process.ts'
import { usageOf } from '../process-usage.ts'
import type { Answer, Order } from './orders.ts'

/** A broker in another process that takes orders. */
export class FairBroker {
  /** Logs in as guest. */
  readonly url: string
  private readonly child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.child = child
    this.url = url
  }

  /** `dataDir` is null for a broker that keeps nothing. */
  static async start(program: string, dataDir: string | null): Promise<FairBroker> {
    const child = fork(program, dataDir === null ? [] : [dataDir], {
      execArgv: ['--enable-source-maps', '--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    atExit(() => child.kill('SIGKILL'))
    const answer = await nextAnswer(child)
    if (!('url' in answer)) throw new Error('the broker did not tell its url')
    return new FairBroker(child, answer.url)
  }

  /** Resident memory, in bytes. */
  get rss(): number {
    return usageOf([this.child.pid ?? 0])?.rss ?? 0
  }

  /** Returns the longest stall of its event loop since the last `begin`, in milliseconds. */
  async obey(order: Order): Promise<number> {
    const next = nextAnswer(this.child)
    this.child.send(order)
    const answer = await next
    return 'stallMs' in answer ? answer.stallMs : 0
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }
}

/** Makes the broker's program one file of JavaScript. */
export function buildFairBroker(): Promise<string> {
  return buildBroker(new URL('broker-program.ts', import.meta.url))
}

async function nextAnswer(child: ChildProcess): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the broker ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (answer: Answer) => {
      child.off('exit', ended)
      resolve(answer)
    })
  })
}
