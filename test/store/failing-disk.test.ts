import { describe, expect, test } from 'vitest'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { StoreWorkload } from '../support/store-workload.ts'
import { checkReopened } from '../support/store-workload-check.ts'
import { StoreModel } from '../support/store-workload-model.ts'
import { type OpenedStore, openStore, soon, turn } from '../support/store-workload-open.ts'

const SEED = Number(process.env.LEVERET_SEED)
const LOG_FILE_SIZE = 4096
/** What must not fail without the broker being told: what stands in the log, and the room for bad times. */
const TOLD = /^(create|write|replace) (log\/\d+\.log|checkpoint\/reserve)$/
const CODES = ['ENOSPC', 'EIO'] as const

describe.each(CODES)('a disk that fails with %s', (code) => {
  test.each([1, 4])(
    'at any operation, %i times in a row, costs nothing',
    async (count) => {
      let troubleCount = 0
      for (let after = 1; after <= 60; after++) {
        const run = await FailingRun.start(SEED + after)
        run.disk.failure = { code, after, count }
        await run.work(80)
        while (run.disk.failed.length === 0) await run.work(10)
        run.disk.failure = null
        await run.untilDurable()
        expect(run.disk.failed, run.text).not.toEqual([])
        const isTold = run.disk.failed.some((one) => TOLD.test(one))
        expect(run.troubles.length > 0, `${run.text}: ${run.disk.failed}`).toBe(isTold)
        expect(run.troubles, run.text).toEqual(run.troubles.map((_, i) => [code, null][i % 2]))
        expect(run.troubles.length % 2, run.text).toBe(0)
        troubleCount += run.troubles.length / 2
        await run.checkSurvivor()
        await run.checkClosed()
      }
      expect(troubleCount).toBeGreaterThan(10)
    },
    60_000,
  )

  test('until it is well again has nothing confirmed, while reading and settling go on', async () => {
    for (let seed = SEED; seed < SEED + 20; seed++) {
      const run = await FailingRun.start(seed)
      await run.work(40)
      await run.untilDurable()
      const { durable } = run.store.durability
      run.disk.failure = { code, after: 1, count: Number.POSITIVE_INFINITY }
      run.workload.append(1)
      await run.work(40)
      run.workload.readEverything()
      expect(run.troubles, run.text).toEqual([code])
      expect(run.store.durability.durable, run.text).toBe(durable)
      await run.checkSurvivor()
      run.disk.failure = null
      await run.untilDurable()
      expect(run.troubles, run.text).toEqual([code, null])
      await run.checkSurvivor()
      await run.checkClosed()
    }
  }, 60_000)

  test('while the store closes has that told, and keeps what was confirmed', async () => {
    for (let seed = SEED; seed < SEED + 20; seed++) {
      const run = await FailingRun.start(seed)
      await run.work(40)
      run.disk.failure = { code, after: 1, count: Number.POSITIVE_INFINITY }
      run.workload.append(1)
      const closing = run.store.close()
      const refusal = expect(closing, run.text).rejects.toMatchObject({ code })
      while (!(await run.isDone(closing))) run.clock.advance(500)
      await refusal
      await run.checkSurvivor()
    }
  }, 60_000)
})

/** A workload on a disk that fails, and the model of what it did. */
class FailingRun {
  readonly disk: SimulatedDisk
  readonly workload: StoreWorkload
  readonly text: string
  private readonly opened: OpenedStore
  private readonly random: Random
  private readonly model = new StoreModel()

  private constructor(seed: number, disk: SimulatedDisk, opened: OpenedStore) {
    this.text = `seed ${seed}`
    this.random = new Random(seed)
    this.disk = disk
    this.opened = opened
    this.workload = new StoreWorkload(opened.store, this.model, this.random)
  }

  static async start(seed: number): Promise<FailingRun> {
    const disk = new SimulatedDisk(new Random(seed))
    return new FailingRun(seed, disk, await openStore(disk, LOG_FILE_SIZE))
  }

  get store(): OpenedStore['store'] {
    return this.opened.store
  }

  get clock(): OpenedStore['clock'] {
    return this.opened.clock
  }

  /** The codes that onTrouble was called with; null for when all was well again. */
  get troubles(): readonly (string | null)[] {
    return this.opened.troubles.map((cause) =>
      cause !== null && 'code' in cause ? String(cause.code) : null,
    )
  }

  async work(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      this.workload.step()
      await this.pass()
    }
  }

  async untilDurable(): Promise<void> {
    const { durability } = this.store
    const isWell = () => this.troubles.at(-1) == null && durability.durable === durability.recorded
    for (let turns = 0; !isWell(); turns++) {
      if (turns > 10_000) throw new Error(`${this.text}: it never becomes well`)
      await this.pass()
    }
    for (let turns = 0; turns < 50; turns++) await this.pass()
  }

  /** What is left when the power goes now is everything that was confirmed. */
  async checkSurvivor(): Promise<void> {
    const { durable } = this.store.durability
    const left = this.disk.survivor(this.random)
    const opened = await soon(openStore(left, LOG_FILE_SIZE), `${this.text}: opening`)
    this.check(opened, durable, false)
  }

  async checkClosed(): Promise<void> {
    this.workload.readEverything()
    await soon(this.store.close(), `${this.text}: closing`)
    const again = await soon(openStore(this.disk, LOG_FILE_SIZE), `${this.text}: opening`)
    this.check(again, Number.POSITIVE_INFINITY, true)
  }

  async isDone(promise: Promise<unknown>): Promise<boolean> {
    await turn()
    const no = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))
    const yes = () => true
    return await Promise.race([promise.then(yes, yes), no])
  }

  /** Some time goes by. As long as no write succeeds, nothing is confirmed. */
  private async pass(): Promise<void> {
    const { durability } = this.store
    const [before, writes] = [durability.durable, this.disk.writes]
    const mustWait = this.troubles.at(-1) != null
    await turn()
    if (this.random.chance(0.3)) this.clock.advance(this.random.below(600))
    if (mustWait && durability.durable > before && this.disk.writes === writes) {
      throw new Error(`${this.text}: something was confirmed in trouble`)
    }
  }

  private check({ store, said }: OpenedStore, durable: number, isClean: boolean): void {
    expect(this.disk.faults, this.text).toEqual([])
    try {
      checkReopened(store, this.model, { durable, isClean })
    } catch (cause) {
      const lines = [...said.errors, ...said.warnings, ...said.infos].join('; ')
      throw new Error(`${this.text}: ${cause}; ${lines}`, { cause })
    }
  }
}
