import { beforeAll, describe, expect, test } from 'vitest'
import { HEADER_SIZE } from '../../src/store/log/format.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { bodyOf, newMessage } from '../support/messages.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { Random } from '../support/simulated-disk-random.ts'
import {
  type Damage,
  DamageableContent,
  damageAnyFile,
  isNear,
} from '../support/store-workload-damage.ts'
import { type OpenedStore, openStore, soon, turn } from '../support/store-workload-open.ts'
import { TestHolder } from '../support/test-holder.ts'

const SEED = Number(process.env.LEVERET_SEED)
const LOG_FILE_SIZE = 4096
/** What belongs to a text in a record takes up to so many bytes before and behind it. */
const AROUND = 250

const content = new DamageableContent()
const inUse = new SimulatedDisk(new Random(SEED))
let closed: SimulatedDisk

beforeAll(async () => {
  await content.fill(await openStore(inUse, LOG_FILE_SIZE), new Random(SEED))
  closed = inUse.survivor(new Random(SEED))
  await (await openStore(closed, LOG_FILE_SIZE)).store.close()
})

describe.each([
  ['closed', () => closed],
  ['in use', () => inUse],
])('a data directory that was %s when one of its files was damaged', (_how, disk) => {
  test('is opened with everything that is undamaged, or refused', async () => {
    const counts = { opened: 0, refused: 0, lost: 0 }
    for (let seed = SEED; seed < SEED + 1000; seed++) {
      const random = new Random(seed)
      const damaged = disk().survivor(random)
      const damage = damageAnyFile(damaged, random)
      const { kind, path, from, to } = damage
      const text = `seed ${seed}: ${kind} in ${path} from ${from} to ${to}`
      const opened = await openOrRefuse(damaged, text)
      if (opened === null) {
        counts.refused++
        continue
      }
      counts.opened++
      counts.lost += checkLeft(opened, disk(), damage, text)
      const found = show(opened)
      await soon(opened.store.close(), `${text}: closing`)
      const again = await openOrRefuse(damaged, `${text}, again`)
      expect(again === null ? null : show(again), text).toEqual(found)
    }
    process.stdout.write(`damaged data directories: ${JSON.stringify(counts)}\n`)
    expect(counts.opened).toBeGreaterThan(900)
    expect(counts.lost).toBeGreaterThan(0)
  }, 120_000)
})

test('a data directory without any checkpoint that can be read is refused', async () => {
  const damaged = closed.survivor(new Random(SEED))
  for (const path of damaged.paths()) {
    if (path.startsWith('checkpoint/')) damaged.put(path, Buffer.alloc(500))
  }
  const opening = openStore(damaged, LOG_FILE_SIZE)
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'DATA_DIR_DAMAGED' })
})

test('records within a body are never taken for records, whatever is damaged around them', async () => {
  const forgery = await recordsOf('intruder')
  const victim = new SimulatedDisk(new Random(SEED))
  const opened = await openStore(victim, 1_000_000)
  const holder = new TestHolder(opened.store.messages)
  const message = newMessage({ body: forgery.toString('latin1'), isPersistent: true })
  const body = { body: forgery, bodyStart: 0, bodySize: forgery.length, bodyParts: null }
  opened.store.messages.append(Object.assign(Object.create(message), body), [holder])
  await untilDurable(opened)
  opened.store.messages.append(newMessage({ body: 'behind', isPersistent: true }), [holder])
  await untilDurable(opened)
  const [path = ''] = victim.paths().filter((one) => one.startsWith('log/'))
  const start = victim.contentOf(path).indexOf(forgery)
  expect(start).toBeGreaterThan(0)
  for (let at = HEADER_SIZE; at < start; at++) {
    const damaged = victim.survivor(new Random(SEED))
    const bytes = Buffer.from(damaged.contentOf(path))
    bytes[at]! ^= 0xff
    damaged.put(path, bytes)
    const { store } = await openStore(damaged, 1_000_000)
    expect([...store.definitions.restored()], `byte ${at}`).toEqual([])
  }
})

/** Null when it was refused, as it should be. */
async function openOrRefuse(disk: SimulatedDisk, text: string): Promise<OpenedStore | null> {
  try {
    return await soon(openStore(disk, LOG_FILE_SIZE), 'opening')
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw new Error(`${text}: ${cause}`, { cause })
    expect(cause.code, text).toBe('DATA_DIR_DAMAGED')
    expect(cause.message, text).toMatch(/damaged/)
    return null
  }
}

/** Checks what has been opened; returns how many messages are lost. */
function checkLeft(
  { store, said }: OpenedStore,
  before: SimulatedDisk,
  damage: Damage,
  text: string,
): number {
  const found = new Set<string>()
  for (const { lane, held } of content.read(store)) {
    const body = bodyOf(held.message)
    if (body !== content.bodies.get(lane)?.get(held.ordinal)) {
      throw new Error(`${text}: ${lane} ${held.ordinal} is not what it was`)
    }
    found.add(`${lane} ${held.ordinal}`)
  }
  let lostCount = 0
  for (const { lane, ordinal, body } of content.live()) {
    if (found.has(`${lane} ${ordinal}`)) continue
    lostCount++
    const isHit = [body, lane].some((part) => isNear(before, damage, part, AROUND))
    if (!isHit) throw new Error(`${text}: ${lane} ${ordinal} is undamaged and lost`)
  }
  const definitions = JSON.stringify(
    [...store.definitions.restored()].map((change) =>
      change.kind === 'queue-declared' ? change.queue.name : '',
    ),
  )
  for (const queue of content.queues) {
    if (definitions.includes(queue) || isNear(before, damage, queue, AROUND)) continue
    throw new Error(`${text}: ${queue} is undamaged and lost`)
  }
  const lines = [...said.errors, ...said.warnings, ...said.infos]
  if (
    lostCount > 0 &&
    !isEndOfLog(before, damage) &&
    !lines.some((line) => line.includes(damage.path) && /\d/.test(line))
  ) {
    throw new Error(`${text}: ${lostCount} are lost, and nothing says so: ${lines.join('; ')}`)
  }
  return lostCount
}

/** What had been written last is missing, as if it had never been written: nobody can see that. */
function isEndOfLog(before: SimulatedDisk, { path, kind }: Damage): boolean {
  const last = before.list('log').findLast((name) => /^\d+\.log$/.test(name))
  return before === inUse && path === `log/${last}` && (kind === 'gone' || kind === 'end')
}

function show({ store }: OpenedStore): readonly string[] {
  return content.read(store).map(({ lane, held }) => `${lane} ${held.ordinal}`)
}

/** The bytes that a store writes for a user who may do everything. */
async function recordsOf(name: string): Promise<Buffer> {
  const disk = new SimulatedDisk(new Random(SEED))
  const opened = await openStore(disk, 1_000_000)
  const user = { name, passwordHash: '', tags: ['administrator'] }
  opened.store.definitions.record({
    kind: 'user-set',
    user: { ...user, maxConnections: null, maxChannels: null },
  })
  await untilDurable(opened)
  const [path = ''] = disk.paths().filter((one) => one.startsWith('log/'))
  return Buffer.from(disk.contentOf(path).subarray(HEADER_SIZE))
}

async function untilDurable({ store, clock }: OpenedStore): Promise<void> {
  while (store.durability.durable < store.durability.recorded) {
    clock.advance(100)
    await turn()
  }
}
