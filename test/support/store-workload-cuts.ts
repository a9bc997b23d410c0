import type { Store } from '../../src/core/ports.ts'
import type { ManualClock } from './manual-clock.ts'
import { type Operation, SimulatedDisk } from './simulated-disk.ts'
import type { Fate } from './simulated-disk-content.ts'
import { Random } from './simulated-disk-random.ts'
import { StoreWorkload } from './store-workload.ts'
import { checkReopened, type End } from './store-workload-check.ts'
import { StoreModel } from './store-workload-model.ts'
import { type OpenedStore, openStore, soon, turn } from './store-workload-open.ts'

export interface PowerCutOptions {
  readonly seed: number
  readonly steps: number
  /** Of the store's log files, in bytes. */
  readonly logFileSize: number
  /** How often the power goes at each write, besides with nothing and with all of it done. */
  readonly tornCount: number
  /** How many of those that are opened again go on working and lose power again. */
  readonly chainShare: number
}

/**
 * One random workload on a store whose power goes at every single operation, in several ways. Nothing is repeated for
 * that: the disk of the one run tells what would be left, and what is left is opened, checked and used on.
 */
export class PowerCuts {
  cutCount = 0
  operationCount = 0
  private readonly options: PowerCutOptions
  private readonly random: Random
  private readonly disk: SimulatedDisk
  private readonly model = new StoreModel()
  private opened: OpenedStore | null = null
  private isClosing = false
  private seen = 0 // operations at which the power has gone

  constructor(options: PowerCutOptions, disk = new SimulatedDisk(new Random(options.seed))) {
    this.options = options
    this.random = new Random(options.seed)
    this.disk = disk
    this.disk.isManual = true
    this.disk.hasZerosAhead = options.seed % 2 === 0
  }

  async run(): Promise<void> {
    const { disk, random, options } = this
    const { store, clock } = await this.during(openStore(disk, options.logFileSize), (opened) => {
      this.opened = opened
    })
    const workload = new StoreWorkload(store, this.model, random)
    for (let i = 0; i < options.steps; i++) {
      workload.step()
      if (random.chance(0.4)) await this.goOn()
      if (random.chance(0.05)) clock.advance(random.between(1, 1000))
    }
    while (store.durability.durable < store.durability.recorded) {
      await this.goOn()
      clock.advance(100)
    }
    workload.readEverything()
    await this.expectQuiet(store, clock)
    this.isClosing = true
    await this.during(store.close(), () => {})
    disk.isManual = false
    this.operationCount = disk.operations
    expectNone(disk.faults, 'faults')
    if (disk.openFiles !== 0) throw new Error(`${disk.openFiles} files are left open`)
    await this.reopenClosed(disk, this.model)
  }

  /** What goes on behind the log comes to an end when nothing changes any more. */
  private async expectQuiet(store: Store, clock: ManualClock): Promise<void> {
    let quietTurns = 0
    const { operations } = this.disk
    while (quietTurns < 100) {
      const before = this.disk.operations
      await this.goOn()
      clock.advance(100)
      const isQuiet = this.disk.operations === before && this.disk.pending.length === 0
      quietTurns = isQuiet ? quietTurns + 1 : 0
      if (this.disk.operations > operations + 500) throw new Error('the store never rests')
    }
    const { durable, recorded } = store.durability
    if (durable !== recorded) throw new Error(`${durable} of ${recorded} is durable`)
  }

  /** Lets the power go at everything that a promise needs until it resolves. */
  private async during<T>(promise: Promise<T>, onDone: (result: T) => void): Promise<T> {
    let isDone = false
    const done = promise.then(onDone).finally(() => {
      isDone = true
    })
    done.catch(() => {}) // it is awaited below
    for (let turns = 0; turns < 20_000 && !isDone; turns++) {
      await this.goOn()
      this.opened?.clock.advance(10)
    }
    if (!isDone) throw new Error('the store hangs')
    await done
    return await promise
  }

  /** Lets the store do something, the power go at it, and then some of it be done. */
  private async goOn(): Promise<void> {
    const { disk, random } = this
    await turn()
    await turn()
    for (const operation of [...disk.pending]) {
      if (operation.number <= this.seen) continue
      this.seen = operation.number
      await this.cutAt(operation)
    }
    do {
      if (disk.pending.length > 0) disk.release(random.pick(disk.pending))
    } while (disk.pending.length > 0 && random.chance(0.3))
  }

  private async cutAt(operation: Operation): Promise<void> {
    const { disk, options } = this
    const durable = this.opened?.store.durability.durable ?? 0
    const isClean = this.isClosing ? null : false
    const isWrite = operation.change.kind === 'write'
    const torn: readonly Fate[] = Array.from({ length: options.tornCount }, () => 'torn')
    const fates: readonly Fate[] = ['lost', 'whole', ...(isWrite ? torn : [])]
    const cuts = fates.map((fate, index) => {
      const random = new Random(options.seed + operation.number * 100 + index)
      const left = disk.survivor(random, (one) => (one.number === operation.number ? fate : null))
      return { fate, left, random }
    })
    await Promise.all(
      cuts.map(async ({ fate, left, random }) => {
        this.cutCount++
        const where = `operation ${operation.number}, ${operation.change.kind}, ${fate}`
        try {
          await this.reopen(left, this.model, { durable, isClean }, random, 1)
        } catch (cause) {
          throw new Error(`seed ${options.seed}, cut at ${where}: ${cause}`, { cause })
        }
      }),
    )
  }

  private async reopen(
    disk: SimulatedDisk,
    before: StoreModel,
    end: End,
    random: Random,
    depth: number,
  ): Promise<void> {
    const opening = openStore(disk, this.options.logFileSize)
    const opened = await soon(opening, 'opening')
    const model = checkReopened(opened.store, before, end)
    expectNone(opened.said.errors, 'errors')
    if (depth > CHAIN_MAX || !random.chance(this.options.chainShare)) return
    const workload = new StoreWorkload(opened.store, model, random, depth * 1_000_000)
    await this.workUntilCut(disk, opened, workload, random)
    if (!disk.isCut) {
      workload.readEverything()
      await soon(opened.store.close(), 'closing')
      await this.reopenClosed(disk, model)
      return
    }
    this.cutCount++
    expectNone(disk.faults, 'faults')
    const left = disk.survivor(random)
    const { durable } = opened.store.durability
    await this.reopen(left, model, { durable, isClean: false }, random, depth + 1)
  }

  private async workUntilCut(
    disk: SimulatedDisk,
    { clock }: OpenedStore,
    workload: StoreWorkload,
    random: Random,
  ): Promise<void> {
    const moment = random.pick(['before', 'during', 'after'] as const)
    void disk.cutAt(disk.operations + random.between(1, 25), moment)
    const steps = random.between(10, 60)
    for (let i = 0; i < steps && !disk.isCut; i++) {
      workload.step()
      if (random.chance(0.4)) await turn()
      if (random.chance(0.1)) clock.advance(random.between(1, 1000))
    }
    disk.noCut()
  }

  /** What was closed is all there when it is opened, and again when it is opened without having been used. */
  private async reopenClosed(disk: SimulatedDisk, before: StoreModel): Promise<void> {
    let model = before
    for (let i = 0; i < 2; i++) {
      const opened = await soon(openStore(disk, this.options.logFileSize), 'opening after closing')
      const durable = Number.POSITIVE_INFINITY
      try {
        model = checkReopened(opened.store, model, { durable, isClean: true })
      } catch (cause) {
        throw new Error(`after closing: ${cause}`, { cause })
      }
      expectNone(opened.said.errors, 'errors')
      await soon(opened.store.close(), 'closing')
      expectNone(disk.faults, 'faults')
    }
  }
}

/** So often does one disk lose its power at most, one time after the other. */
const CHAIN_MAX = 3

function expectNone(lines: readonly string[], what: string): void {
  if (lines.length > 0) throw new Error(`there are ${what}: ${lines.join('; ')}`)
}
