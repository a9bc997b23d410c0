import type { HeldMessage, Store } from '../../src/core/ports.ts'
import { newMessage } from './messages.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import type { Random } from './simulated-disk-random.ts'
import { type OpenedStore, turn } from './store-workload-open.ts'
import { TestHolder } from './test-holder.ts'

/** Bytes of a file that are not what they were. */
export interface Damage {
  readonly path: string
  readonly kind: 'bit' | 'zeros' | 'noise' | 'end' | 'gone'
  readonly from: number
  readonly to: number
}

/** Damages one file of a disk at random, as a failing device does. */
export function damageAnyFile(disk: SimulatedDisk, random: Random): Damage {
  const path = random.pick(disk.paths())
  const content = Buffer.from(disk.contentOf(path))
  const from = random.below(content.length)
  const to = Math.min(content.length, from + random.pick([1, 8, 100, 512, 4096]))
  const kind = random.pick(['bit', 'zeros', 'noise', 'end', 'gone'] as const)
  if (kind === 'gone') disk.take(path)
  if (kind === 'end') disk.put(path, content.subarray(0, from))
  if (kind === 'gone') return { path, kind, from: 0, to: content.length }
  if (kind === 'end') return { path, kind, from, to: content.length }
  if (kind === 'bit') content[from]! ^= 1 << random.below(8)
  else for (let at = from; at < to; at++) content[at] = kind === 'zeros' ? 0 : random.below(256)
  disk.put(path, content)
  return { path, kind, from, to: kind === 'bit' ? from + 1 : to }
}

/** What was put into a store that is to be damaged. Each text is found in the files as it is. */
export class DamageableContent {
  readonly lanes = ['first', 'second', 'third', 'fourth'].map((name) => `lane-${name}-of-many`)
  readonly queues: string[] = []
  /** Bodies by lane and ordinal, also those of messages that are settled. */
  readonly bodies = new Map<string, Map<number, string>>()
  readonly settled = new Set<string>()

  /** Fills a new store. All of it is durable then. */
  async fill({ store, clock }: OpenedStore, random: Random): Promise<void> {
    for (let number = 100_000; number < 100_200; number++) {
      this.append(store, number, random)
      if (number % 20 === 0) this.declare(store, number)
      const lane = random.pick([...this.bodies.keys()])
      if (random.chance(0.4)) this.settle(store, lane, random)
      if (random.chance(0.5)) await turn()
    }
    const { durability } = store
    for (let quiet = 0; quiet < 50; quiet++) {
      clock.advance(100)
      await turn()
      if (durability.durable < durability.recorded) quiet = 0
    }
  }

  /** Everything that is in the lanes of a store. */
  read(store: Store): readonly { readonly lane: string; readonly held: HeldMessage }[] {
    return this.lanes.flatMap((name) => {
      const { lane } = new TestHolder(store.messages, { name })
      const found: { lane: string; held: HeldMessage }[] = []
      for (let from = 1; from <= lane.latest; ) {
        const { messages, next } = lane.read(from, lane.latest, 1000)
        for (const held of messages) found.push({ lane: name, held })
        if (next <= from) throw new Error(`reading on from ${from} leads to ${next}`)
        from = next
      }
      return found
    })
  }

  /** Messages that are not settled. */
  live(): readonly { readonly lane: string; readonly ordinal: number; readonly body: string }[] {
    return [...this.bodies].flatMap(([lane, bodies]) =>
      [...bodies]
        .map(([ordinal, body]) => ({ lane, ordinal, body }))
        .filter(({ ordinal }) => !this.settled.has(`${lane} ${ordinal}`)),
    )
  }

  private append(store: Store, number: number, random: Random): void {
    const names = random.chance(0.2) ? this.lanes.slice(0, 2) : [random.pick(this.lanes)]
    const holders = names.map((name) => new TestHolder(store.messages, { name }))
    const body = `<${number}>${'.'.repeat(random.below(200))}`
    store.messages.append(newMessage({ body, isPersistent: true }), holders)
    for (const [index, { lane }] of holders.entries()) {
      const name = names[index]!
      const bodies = this.bodies.get(name) ?? new Map<number, string>()
      this.bodies.set(name, bodies.set(lane.latest, body))
    }
  }

  private declare(store: Store, number: number): void {
    const name = `queue-${number}-declared`
    const rest = { durable: true, autoDelete: false, arguments: new Map() }
    store.definitions.record({ kind: 'queue-declared', queue: { vhost: '/', name, ...rest } })
    this.queues.push(name)
  }

  private settle(store: Store, name: string, random: Random): void {
    const live = this.live().filter(({ lane }) => lane === name)
    if (live.length === 0) return
    const { ordinal, body } = random.pick(live)
    new TestHolder(store.messages, { name }).lane.settle(ordinal, body.length)
    this.settled.add(`${name} ${ordinal}`)
  }
}

/**
 * Whether damage is near this text in the file as it was: so near that it may be in the same record, whose other
 * parts take up to `around` bytes.
 */
export function isNear(
  before: SimulatedDisk,
  { path, from, to }: Damage,
  text: string,
  around: number,
): boolean {
  const content = before.contentOf(path)
  for (let at = content.indexOf(text); at !== -1; at = content.indexOf(text, at + 1)) {
    if (at - around < to && at + text.length + around > from) return true
  }
  return false
}
