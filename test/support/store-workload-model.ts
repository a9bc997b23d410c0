import type { Message } from '../../src/core/message.ts'
import type { DefinitionChange, LaneName } from '../../src/core/ports.ts'
import { NaiveCatalog } from './naive-catalog.ts'

/** What a store was told, with the position in the sequence of changes at which each thing is safe. */
export class StoreModel {
  /** All that there were, also those that were dropped, in the order in which they were asked for. */
  readonly lanes: ModelLane[] = []
  /** How the definitions stood from which position on, the first from the beginning. */
  readonly definitions: { readonly position: number; readonly state: string }[]
  readonly catalog = new NaiveCatalog()

  constructor(definitions: readonly DefinitionChange[] = []) {
    for (const change of definitions) this.catalog.apply(change)
    this.definitions = [{ position: 0, state: showDefinitions(this.catalog.changes()) }]
  }

  /** The lane that has this name now. */
  lane(name: LaneName): ModelLane {
    const key = keyOf(name)
    const found = this.lanes.findLast((lane) => lane.key === key)
    if (found !== undefined && found.droppedAt === null) return found
    const lane = new ModelLane(name)
    this.lanes.push(lane)
    return lane
  }

  /** Lanes of one name, the oldest first. */
  lanesNamed(name: LaneName): readonly ModelLane[] {
    return this.lanes.filter((lane) => lane.key === keyOf(name))
  }

  record(change: DefinitionChange, position: number): void {
    this.catalog.apply(change)
    this.definitions.push({ position, state: showDefinitions(this.catalog.changes()) })
  }
}

/** Messages of a lane, by ordinal. */
export class ModelLane {
  readonly name: LaneName
  readonly key: string
  readonly entries = new Map<number, ModelEntry>()
  latest = 0
  /** Where in the sequence of changes it was dropped; null before. */
  droppedAt: number | null = null

  constructor(name: LaneName) {
    this.name = name
    this.key = keyOf(name)
  }

  get live(): readonly ModelEntry[] {
    return [...this.entries.values()].filter((entry) => entry.settledAt === null)
  }

  add(entry: ModelEntry): void {
    this.entries.set(entry.ordinal, entry)
    this.latest = entry.ordinal
  }
}

/** A message in a lane. */
export interface ModelEntry {
  readonly ordinal: number
  readonly message: Message
  readonly timeMs: number
  readonly isSpilled: boolean
  readonly position: number
  /** It was there when the power went, so that it may have been handed out before. */
  readonly isUnsure: boolean
  settledAt: number | null
  /** What it told when it came back from consumers, the first being that it never did. */
  readonly returns: ModelReturn[]
}

export interface ModelReturn {
  readonly position: number
  readonly acquiredCount: number
  readonly failedCount: number
}

/** The same text for the same definitions, in whatever order. */
export function showDefinitions(changes: Iterable<DefinitionChange>): string {
  const texts = [...changes].map((change) => JSON.stringify(change, normal))
  return texts.sort().join('\n')
}

function keyOf({ vhost, kind, name, level }: LaneName): string {
  return JSON.stringify([vhost, kind, name, level])
}

/** Fields in the order of their names, and maps as what they hold. */
function normal(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? Object.fromEntries(Object.entries(value).sort()) : value
}
