import { rmSync } from 'node:fs'
import {
  isRabbitMqInstalled,
  type RabbitMqNode,
  type RabbitMqWish,
  startRabbitMq,
} from '../../../conformance/support/rabbitmq-node.ts'
import { atExit } from '../at-exit.ts'
import { processTree } from '../process-usage.ts'
import type { BrokerUnderTest, BrokerWish, RunningBroker } from './broker.ts'
import { untilFirstConnection } from './first-connection.ts'

/** Debian's rabbitmq-server, which goes on from run to run, because it takes seconds to start. */
export class RabbitMq implements BrokerUnderTest {
  readonly name = 'RabbitMQ'
  private readonly wish: RabbitMqWish
  private node: RabbitMqNode | null = null
  private startMs = 0

  /** Throws where it is not installed. */
  constructor(wish: RabbitMqWish = {}) {
    this.wish = wish
    if (!isRabbitMqInstalled()) {
      throw new Error('rabbitmq-server is not installed (apt-get install rabbitmq-server)')
    }
    // Interrupted, there is no time to ask it to stop.
    atExit(() => {
      if (this.node === null) return
      for (const pid of this.node.pids.flatMap(processTree)) killIfThere(pid)
      rmSync(this.node.directory, { recursive: true, force: true, maxRetries: 5 })
    })
  }

  async open({ isFresh }: BrokerWish): Promise<RunningBroker> {
    if (isFresh) await this.end()
    if (this.node !== null) return this.running(this.node, null)
    const beginMs = performance.now()
    this.node = await startRabbitMq(this.wish)
    return await this.started(this.node, beginMs)
  }

  async end(): Promise<void> {
    const { node } = this
    this.node = null
    await node?.stop()
  }

  private async started(node: RabbitMqNode, beginMs: number): Promise<RunningBroker> {
    await untilFirstConnection(node.url, () => false)
    this.startMs = performance.now() - beginMs
    return this.running(node, this.startMs)
  }

  private running(node: RabbitMqNode, startMs: number | null): RunningBroker {
    return {
      url: node.url,
      pid: node.pids[0] ?? null,
      startMs,
      restart: async () => {
        await node.kill()
        const beginMs = performance.now()
        await node.startAgain()
        return await this.started(node, beginMs)
      },
      release: async () => {},
    }
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {} // it has gone by itself
}
