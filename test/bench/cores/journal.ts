import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { batchesOf } from '../growth/batches.ts'
import { DeliveryCounter } from '../growth/delivery-counter.ts'
import { Stand } from '../growth/stand.ts'
import { Traffic } from '../growth/traffic.ts'

/** CPU of a message from publish to acknowledgement, in microseconds. */
export interface ThreadCost {
  readonly main: number
  /** Of all other threads: the pool, which writes files, and those of the collector. */
  readonly others: number
}

/** What a broker's threads spend on messages of this size, persistent in a durable queue or not. */
export async function threadCost(
  program: string,
  bodySize: number,
  isDurable: boolean,
): Promise<ThreadCost> {
  const stand = await Stand.start(program)
  const consuming = await stand.connect()
  await consuming.call(1, 'queue.declare', { queue: 'queue', durable: isDurable })
  await consuming.call(1, 'basic.qos', { prefetchCount: 1000 })
  await consuming.call(1, 'basic.consume', { queue: 'queue' })
  const batches = batchesOf({ keys: ['queue'], bodySize, isPersistent: isDurable })
  const traffic = new Traffic({
    publishers: [{ connection: await stand.connect(), batches }],
    consumers: [new DeliveryCounter(consuming)],
    window: bodySize > 10_000 ? 500 : 5000,
    ackEvery: 100,
  })
  traffic.start()
  await setTimeout(1000)
  const before = { ...threadTicks(stand.pid), done: traffic.done }
  await setTimeout(1500)
  const after = { ...threadTicks(stand.pid), done: traffic.done }
  await stand.close()
  const perMessage = 10_000 / (after.done - before.done) // a tick is 10 ms
  return {
    main: (after.main - before.main) * perMessage,
    others: (after.others - before.others) * perMessage,
  }
}

function threadTicks(pid: number): ThreadCost {
  const ticks = { main: 0, others: 0 }
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const own = Number(fields[11]) + Number(fields[12])
    if (Number(thread) === pid) ticks.main += own
    else ticks.others += own
  }
  return ticks
}
