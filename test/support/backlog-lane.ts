import type { Message } from '../../src/core/message.ts'
import type { HeldMessage, Lane, LaneName, LaneReading } from '../../src/core/ports.ts'
import { StoredMessages } from '../../src/protocol/stored-messages.ts'

/** What a lane needs of its store. */
interface LaneHost {
  readonly durable: number
  changed(): number
  forget(lane: BacklogLane): void
}

/** A lane of a BacklogStore. Messages come back as others with the same content, as they would from files. */
export class BacklogLane implements Lane {
  readonly name: LaneName
  latest: number
  readonly restoredCount: number
  readonly restoredBytes: number
  /** Ordinals that cannot be read any more. */
  readonly damaged = new Set<number>()
  /** What was read: how many messages each time. */
  readonly readings: number[] = []
  private readonly host: LaneHost
  private readonly factory = new StoredMessages()
  private readonly live: Map<number, Kept>

  constructor(name: LaneName, host: LaneHost, live: Map<number, Kept>, latest: number) {
    this.name = name
    this.host = host
    this.live = live
    this.latest = latest
    this.restoredCount = live.size
    this.restoredBytes = [...live.values()].reduce((sum, { message }) => sum + message.bodySize, 0)
  }

  /** Messages that are not settled, by their ordinals. */
  get ordinals(): readonly number[] {
    return [...this.live.keys()]
  }

  add(message: Message, timeMs: number, position: number, isPersistent: boolean): void {
    const counts = { redelivered: false, acquiredCount: 0, failedCount: 0 }
    this.live.set(++this.latest, { message, timeMs, position, isPersistent, ...counts })
  }

  settle(ordinal: number, bodySize: number): void {
    const { message } = this.get(ordinal)
    if (message.bodySize !== bodySize) throw new Error(`${ordinal} is settled with a wrong size`)
    this.live.delete(ordinal)
    this.host.changed()
  }

  settleRange(from: number, to: number): void {
    for (const ordinal of [...this.live.keys()]) {
      if (ordinal >= from && ordinal <= to) this.live.delete(ordinal)
    }
    this.host.changed()
  }

  returned(ordinal: number, acquiredCount: number, failedCount: number): void {
    Object.assign(this.get(ordinal), { redelivered: true, acquiredCount, failedCount })
    this.host.changed()
  }

  read(from: number, to: number, maxBytes: number): LaneReading {
    const messages: HeldMessage[] = []
    let size = 0
    for (const [ordinal, kept] of this.live) {
      if (ordinal < from) continue
      if (ordinal > to) break
      if (kept.position > this.host.durable) throw new Error(`${ordinal} is not durable`)
      if (this.damaged.has(ordinal)) continue
      if (messages.length > 0 && size >= maxBytes) {
        this.readings.push(messages.length)
        return { messages, next: ordinal }
      }
      messages.push({ ...kept, message: copyOf(kept.message, this.factory), ordinal })
      size += kept.message.bodySize
    }
    this.readings.push(messages.length)
    return { messages, next: to + 1 }
  }

  drop(): void {
    this.host.forget(this)
    this.host.changed()
  }

  /** The same lane after a restart: nobody knows what was handed out, if it was no clean one. */
  restarted(host: LaneHost, isClean: boolean): BacklogLane {
    const live = new Map<number, Kept>()
    for (const [ordinal, kept] of this.live) {
      if (!kept.isPersistent) continue
      live.set(ordinal, { ...kept, position: 0, redelivered: kept.redelivered || !isClean })
    }
    const lane = new BacklogLane(this.name, host, live, this.latest)
    for (const ordinal of this.damaged) lane.damaged.add(ordinal)
    return lane
  }

  private get(ordinal: number): Kept {
    const kept = this.live.get(ordinal)
    if (kept === undefined) throw new Error(`there is no ${ordinal} in ${this.name.name}`)
    return kept
  }
}

interface Kept extends Omit<HeldMessage, 'ordinal'> {
  readonly position: number
  readonly isPersistent: boolean
}

function copyOf(message: Message, factory: StoredMessages): Message {
  const { address, properties, body, bodyStart, bodySize, bodyParts, extraKeys, history } = message
  return factory.create({
    address: Buffer.from(address.encoded),
    properties: Buffer.from(properties.encoded),
    body: Buffer.concat(bodyParts ?? [body.subarray(bodyStart, bodyStart + bodySize)]),
    extraKeys,
    history,
  })
}
