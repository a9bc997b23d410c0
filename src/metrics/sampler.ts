import type { Clock } from '../common/clock.ts'
import { eachInSlices, Slices } from '../common/slices.ts'
import type { Churn } from '../core/counters.ts'
import type { Exchange } from '../core/exchange/exchange.ts'
import type { Queue } from '../core/queue/queue.ts'
import type { Vhost } from '../core/vhost.ts'
import { SampleBudget, type Tier } from './history.ts'
import {
  channelMeter,
  connectionMeter,
  exchangeMeter,
  nodeMeter,
  queueMeter,
  vhostMeter,
} from './meters.ts'
import { NO_GAUGES, type ProcessGauges, readProcessGauges } from './process-gauges.ts'
import { Samples } from './samples.ts'
import {
  addQueue,
  type NodeTotals,
  nodeTotals,
  noQueues,
  type QueueTotals,
  totalsByVhost,
  type VhostTotals,
} from './totals.ts'
import type { MeteredChannel, MeteredConnection } from './traffic.ts'

/** What is sampled. */
export interface MeteredBroker {
  readonly vhosts: Iterable<Vhost>
  readonly connections: Iterable<MeteredConnection>
  readonly churn: Churn
  readonly clock: Clock
  /** The data directory, or any other on the same disk. */
  readonly directory: string
}

/**
 * Samples everything that is counted every five seconds, as RabbitMQ does (its `collect_statistics_interval`), in slices
 * that leave deliveries alone. Rates and histories are made of the samples; numbers themselves are read as they are.
 */
export class Sampler {
  readonly queues: Samples<Queue>
  readonly exchanges: Samples<Exchange>
  readonly channels: Samples<MeteredChannel>
  readonly connections: Samples<MeteredConnection>
  readonly vhosts: Samples<Vhost, VhostTotals>
  /** Of the broker that is sampled. */
  readonly node: Samples<MeteredBroker, NodeTotals>
  gauges: ProcessGauges = NO_GAUGES

  private readonly broker: MeteredBroker
  private queueTotals = new Map<Vhost, QueueTotals>()
  private cancel: () => void = () => {}
  private isClosed = false

  constructor(broker: MeteredBroker) {
    this.broker = broker
    const budget = new SampleBudget(MOST_SAMPLE_BYTES)
    this.queues = new Samples(queueMeter, BASIC_TIERS, budget)
    this.exchanges = new Samples(exchangeMeter, BASIC_TIERS, budget)
    this.channels = new Samples(channelMeter, BASIC_TIERS, budget)
    this.connections = new Samples(connectionMeter, BASIC_TIERS, budget)
    this.vhosts = new Samples(vhostMeter, GLOBAL_TIERS, budget)
    this.node = new Samples(nodeMeter, GLOBAL_TIERS, budget)
  }

  /** The first sample is taken soon, but not while the broker is busy with its start. */
  start(): void {
    void this.readGauges() // who asks before the first sample is not to read of a disk without room
    this.sampleAfter(FIRST_SAMPLE_MS)
  }

  close(): void {
    this.isClosed = true
    this.cancel()
  }

  /** The sums as they are now. Of very many queues, those of the last sample: at most five seconds old. */
  totals(): { readonly byVhost: ReadonlyMap<Vhost, VhostTotals>; readonly node: NodeTotals } {
    const { vhosts, connections, churn } = this.broker
    const byVhost = totalsByVhost(vhosts, connections, (vhost) => this.totalsOfQueues(vhost))
    const gauges = { ...this.gauges, memoryBytes: process.memoryUsage.rss() }
    return { byVhost, node: nodeTotals(byVhost, connections, churn, gauges) }
  }

  /** Takes one sample of everything. */
  async sample(): Promise<void> {
    const { broker } = this
    const timeMs = broker.clock.wallTime()
    const slices = new Slices()
    await this.readGauges()
    await this.sampleQueues(timeMs, slices)
    for (const vhost of [...broker.vhosts]) {
      await eachInSlices(vhost.exchanges, slices, (exchange) => {
        if (exchange.publishedCount > 0) this.exchanges.add(timeMs, exchange, exchange)
      })
    }
    for (const connection of [...broker.connections]) {
      if (slices.isOver) await slices.pause()
      if (connection.session === null) continue
      this.connections.add(timeMs, connection, connection)
      for (const channel of connection.channels ?? []) this.channels.add(timeMs, channel, channel)
    }
    const { byVhost, node } = this.totals()
    for (const [vhost, totals] of byVhost) this.vhosts.add(timeMs, vhost, totals)
    this.node.add(timeMs, broker, node)
    for (const samples of this.all) await samples.forgetOlderThan(timeMs, slices)
  }

  private get all(): readonly { forgetOlderThan(timeMs: number, slices: Slices): Promise<void> }[] {
    return [this.queues, this.exchanges, this.channels, this.connections, this.vhosts]
  }

  private async readGauges(): Promise<void> {
    this.gauges = await readProcessGauges(this.broker.directory)
  }

  private async run(): Promise<void> {
    await this.sample()
    this.sampleAfter(untilNext(this.broker.clock.wallTime()))
  }

  private sampleAfter(ms: number): void {
    if (this.isClosed) return
    this.cancel = this.broker.clock.after(ms, () => void this.run())
  }

  private async sampleQueues(timeMs: number, slices: Slices): Promise<void> {
    const totals = new Map<Vhost, QueueTotals>()
    for (const vhost of [...this.broker.vhosts]) {
      const ofVhost = noQueues()
      totals.set(vhost, ofVhost)
      await eachInSlices(vhost.queues, slices, (queue) => {
        addQueue(ofVhost, queue)
        this.queues.add(timeMs, queue, queue)
      })
    }
    this.queueTotals = totals
  }

  private totalsOfQueues(vhost: Vhost): QueueTotals {
    const known = this.queueTotals.get(vhost)
    if (known !== undefined && vhost.queues.count > COUNTED_AT_ONCE) return known
    const totals = noQueues()
    for (const queue of vhost.queues) addQueue(totals, queue)
    return totals
  }
}

/** Samples are taken right behind the full five seconds of the clock, which is where histories are read. */
function untilNext(timeMs: number): number {
  const sinceFullMs = (timeMs - BEHIND_FULL_MS) % SAMPLE_INTERVAL_MS
  const ms = SAMPLE_INTERVAL_MS - sinceFullMs
  return ms < SAMPLE_INTERVAL_MS / 2 ? ms + SAMPLE_INTERVAL_MS : ms
}

export const SAMPLE_INTERVAL_MS = 5000

/** A timer may fire a little early by the clock on the wall. */
const BEHIND_FULL_MS = 20

const FIRST_SAMPLE_MS = 1000

/** RabbitMQ's `sample_retention_policies`. */
export const GLOBAL_TIERS: readonly Tier[] = [
  { ageSeconds: 600, stepSeconds: 5 },
  { ageSeconds: 3600, stepSeconds: 60 },
  { ageSeconds: 28_800, stepSeconds: 600 },
  { ageSeconds: 86_400, stepSeconds: 1800 },
]

export const BASIC_TIERS: readonly Tier[] = GLOBAL_TIERS.slice(0, 2)

const MOST_SAMPLE_BYTES = 67_108_864

/** So many queues are counted whenever somebody asks; of more, the sums of the last sample are shown. */
const COUNTED_AT_ONCE = 2000
