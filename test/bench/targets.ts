import { isRabbitMqInstalled, startRabbitMq } from '../../conformance/support/rabbitmq-node.ts'
import { atExit } from './at-exit.ts'
import type { BrokerProcess } from './broker-process.ts'
import { processTree } from './process-usage.ts'

/** A kind of durable queue on a running broker. */
export interface Target {
  readonly name: string
  readonly port: number
  /** Every process of the broker. */
  readonly pids: readonly number[]
  readonly queueType: 'classic' | 'quorum'
}

/** Durable queues of this broker. */
export function leveretTargets({ port, pid }: BrokerProcess): readonly Target[] {
  return [{ name: 'Leveret', port, pids: [pid], queueType: 'classic' }]
}

/**
 * Both kinds of durable queues on a RabbitMQ of Debian's package that lives until `stop`; none where it is not
 * installed. Only its quorum queues sync before they confirm each message.
 */
export async function rabbitMqTargets(): Promise<{
  readonly targets: readonly Target[]
  stop(): Promise<void>
}> {
  if (!isRabbitMqInstalled()) {
    console.log('without RabbitMQ: rabbitmq-server is not installed')
    return { targets: [], stop: async () => {} }
  }
  const others = new Set(processTree(process.pid))
  const node = await startRabbitMq()
  const pids = processTree(process.pid).filter((pid) => !others.has(pid))
  const port = Number(new URL(node.url).port)
  let isStopped = false
  atExit(() => {
    if (!isStopped) for (const pid of pids) process.kill(pid, 'SIGKILL')
  })
  return {
    targets: [
      { name: 'RabbitMQ classic', port, pids, queueType: 'classic' },
      { name: 'RabbitMQ quorum', port, pids, queueType: 'quorum' },
    ],
    stop: async () => {
      await node.stop()
      isStopped = true
    },
  }
}
