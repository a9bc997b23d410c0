import { expect, test } from 'vitest'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import { PowerCuts } from '../support/store-workload-cuts.ts'

const SEED = Number(process.env.LEVERET_SEED)
const LOG_FILE_SIZES = [2048, 4096, 8192]

const optionsOf = (seed: number, tornCount: number) => ({
  seed,
  steps: 300,
  logFileSize: LOG_FILE_SIZES[seed % LOG_FILE_SIZES.length]!,
  tornCount,
  chainShare: 0.2,
})

test('whatever was confirmed survives losing power at any operation', async () => {
  let cutCount = 0
  let operationCount = 0
  for (let seed = SEED; cutCount < 12_000; seed++) {
    const cuts = new PowerCuts(optionsOf(seed, 6))
    await cuts.run()
    cutCount += cuts.cutCount
    operationCount += cuts.operationCount
  }
  process.stdout.write(`power cuts: ${cutCount}, at each of ${operationCount} operations\n`)
  expect(cutCount).toBeGreaterThanOrEqual(10_000)
}, 300_000)

test.each(['create', 'write', 'replace'] as const)(
  'a disk that lies about every %s is found out',
  async (kind) => {
    const disk = new SimulatedDisk(new Random(SEED))
    disk.liesAbout = kind
    const cuts = new PowerCuts(optionsOf(SEED, 1), disk)
    await expect(cuts.run()).rejects.toThrow(/^seed \d+, cut at operation/)
  },
)
