import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import amqplib from 'amqplib'
import { expect, onTestFailed, test } from 'vitest'
import { BrokerProcess, buildBroker, type LogLine } from '../bench/broker-process.ts'
import { diskUse } from '../bench/disk-use.ts'
import { Definitions } from './kill-definitions.ts'
import { Random } from './kill-random.ts'
import { compareRestored } from './kill-restored.ts'
import { CONSUMED, Topology } from './kill-topology.ts'
import { DoomedConsumer, DoomedPublisher } from './kill-traffic.ts'

/** How many times the broker is killed. */
const KILLS = Number(process.env.LEVERET_KILLS ?? 20)
const SEED = Number(process.env.LEVERET_SEED)

test(
  `nothing confirmed is lost in ${KILLS} kills under load`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'leveret-kill-'))
    onTestFailed(() => console.info(`seed ${SEED}, data directory ${dataDir}`))
    const run = new Run(await buildBroker(), dataDir)
    await run.prepare()
    for (let kill = 1; kill <= KILLS; kill++) await run.round(kill)
    await run.finish()
    await rm(dataDir, { recursive: true })
    console.info(run.summary)
    expect(run.confirmedCount).toBeGreaterThan(0)
    expect(run.deliveredCount).toBeGreaterThan(0)
    expect(run.restoredCount).toBeGreaterThan(0)
  },
  60_000 + KILLS * 10_000,
)

/** One data directory, and the broker that lives and dies on it again and again. */
class Run {
  confirmedCount = 0
  deliveredCount = 0
  restoredCount = 0
  private readonly program: string
  private readonly dataDir: string
  private readonly random = new Random(SEED)
  private readonly topology = new Topology()
  private readonly definitions = new Definitions()
  private longestStartMs = 0
  private largestDisk = 0

  constructor(program: string, dataDir: string) {
    this.program = program
    this.dataDir = dataDir
  }

  get summary(): string {
    return [
      `${KILLS} kills of seed ${SEED}`,
      `${this.confirmedCount} messages confirmed, ${this.deliveredCount} delivered`,
      `${this.restoredCount} found again after the starts`,
      `longest start ${Math.round(this.longestStartMs)} ms`,
      `most disk ${(this.largestDisk / 1_048_576).toFixed(1)} MiB`,
    ].join(', ')
  }

  async prepare(): Promise<void> {
    const broker = await BrokerProcess.start(this.program, this.dataDir)
    const connection = await amqplib.connect(broker.url)
    await this.topology.declare(await connection.createConfirmChannel())
    await connection.close()
    await this.definitions.declareExchange(broker.url)
    await broker.kill()
  }

  /** Starts, compares, and dies under load: mostly killed, now and then closed, to see that both go together. */
  async round(number: number): Promise<void> {
    const { random } = this
    if (random.isTrue(0.2)) {
      await BrokerProcess.killAtStart(this.program, this.dataDir, random.from(30, 250))
    }
    const broker = await this.startAndCompare(`check-${number}`)
    const { publishers, consumers, gone } = await this.load(broker.url, number)
    await pass(random.from(20, 900))
    await broker.kill()
    await gone
    for (const { confirmedCount } of publishers) this.confirmedCount += confirmedCount
    for (const { deliveredCount } of consumers) this.deliveredCount += deliveredCount
    if (random.isTrue(0.2)) {
      const other = await this.startAndCompare(`check-${number}-closed`)
      await other.stop()
    }
  }

  async finish(): Promise<void> {
    const broker = await this.startAndCompare('check-last')
    await broker.stop()
    const again = await this.startAndCompare('check-closed')
    await again.stop()
  }

  private async startAndCompare(name: string): Promise<BrokerProcess> {
    const broker = await BrokerProcess.start(this.program, this.dataDir)
    this.longestStartMs = Math.max(this.longestStartMs, broker.startMs)
    this.largestDisk = Math.max(this.largestDisk, diskUse(this.dataDir).bytes)
    expect(broker.logLines.flatMap(damageOf)).toEqual([])
    const { topology, definitions, random } = this
    this.restoredCount += await compareRestored(broker.url, topology, random, name)
    await definitions.compare(broker.url)
    expect([...topology.faults, ...definitions.faults]).toEqual([])
    return broker
  }

  private async load(url: string, round: number) {
    const { topology, random } = this
    const publishers = await Promise.all(
      ['a', 'b'].map((name) => DoomedPublisher.start(url, topology, random, `${name}-${round}`)),
    )
    const consumers = await Promise.all(
      CONSUMED.map((queue, i) =>
        DoomedConsumer.start(url, topology, random, queue, `consumer-${i}-${round}`),
      ),
    )
    const changes = await this.definitions.startChanging(url, random)
    const clients = [...publishers, ...consumers, changes]
    const gone = Promise.all(clients.map((client) => client.gone))
    return { publishers, consumers, gone }
  }
}

/** What a start says is wrong; an unfinished write at the end of the log is nothing to warn of. */
function damageOf({ level, message }: LogLine): readonly string[] {
  return level === 'info' ? [] : [message]
}
