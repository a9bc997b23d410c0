import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atExit } from '../at-exit.ts'

/** A process that publishes and consumes as fast as the broker lets it. */
export class Firehose {
  private readonly child: ChildProcess

  private constructor(child: ChildProcess) {
    this.child = child
  }

  static async start(url: string, bodySize: number): Promise<Firehose> {
    const program = fileURLToPath(new URL('firehose-program.ts', import.meta.url))
    const child = fork(program, [url, `${bodySize}`], { execArgv: ['--import', 'tsx'] })
    atExit(() => child.kill('SIGKILL'))
    await once(child, 'message')
    return new Firehose(child)
  }

  /** Messages that have come out at its end. */
  async received(): Promise<number> {
    const answer = once(this.child, 'message')
    this.child.send('count')
    return Number((await answer)[0])
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }
}
