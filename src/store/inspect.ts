import { assert } from '../common/assert.ts'
import { SILENT } from '../common/log.ts'
import type { DefinitionChange, LaneOwner } from '../core/ports.ts'
import type { FileSystem } from './files/file-system.ts'
import { type Recovered, recover } from './recovery/recovery.ts'
import type { LaneHost } from './segments/file-lane.ts'
import type { Segment } from './segments/segment.ts'
import { StoreState } from './state.ts'

/** What a broker would find in a data directory if it started now. */
export interface Inspection {
  /** Number of the checkpoint that it would begin with. */
  readonly checkpoint: number
  readonly isClosedProperly: boolean
  /** Records of the log that it would read behind the checkpoint. */
  readonly recordsBehindCheckpoint: number
  readonly definitions: DefinitionCounts
  /** Queues, and exchanges that hold messages back, by vhost and name. */
  readonly queues: readonly QueueContent[]
  readonly segments: readonly SegmentContent[]
  /** Everything that is not as it should be, in words. */
  readonly damage: readonly string[]
  /** What is worth knowing and no damage. */
  readonly notes: readonly string[]
}

export interface DefinitionCounts {
  readonly vhosts: number
  readonly users: number
  readonly permissions: number
  readonly policies: number
  readonly exchanges: number
  readonly queues: number
  readonly bindings: number
}

export interface QueueContent extends LaneOwner {
  readonly messages: number
  /** Sum of their bodies. */
  readonly bytes: number
  /** Messages of what is not declared are thrown away at the next start. */
  readonly isDeclared: boolean
}

/** A file of messages. Those that are settled still take up room in it. */
export interface SegmentContent {
  readonly path: string
  /** Of the file, in bytes. */
  readonly size: number
  /** Messages that are not settled; one that lies in several queues counts for each. */
  readonly messages: number
  /** Sum of their bodies. */
  readonly bytes: number
}

/**
 * Looks into a data directory as a start does, and changes nothing. Null when there is nothing in it. Throws a
 * StoreError for one that a broker could not start with.
 */
export function inspect(files: FileSystem): Inspection | null {
  const found = readState(files)
  if (found === null) return null
  const { state, recovered } = found
  const changes = state.catalog.changes()
  const segments = state.segments.map(contentOf)
  for (const segment of state.segments) segment.closeFiles()
  return {
    checkpoint: recovered.checkpoint,
    isClosedProperly: recovered.isClean,
    recordsBehindCheckpoint: recovered.replayedCount,
    definitions: countsOf(changes),
    queues: queuesOf(state, changes),
    segments,
    damage: recovered.damage,
    notes: recovered.notes,
  }
}

/** What a start makes of a data directory; null when there is nothing in it. */
export function readState(files: FileSystem): FoundState | null {
  const state = new StoreState(files, NOT_WRITTEN, () => {})
  const recovered = recover(files, state, SILENT)
  return recovered.isNew ? null : { state, recovered }
}

export interface FoundState {
  readonly state: StoreState
  readonly recovered: Recovered
}

/** Lanes of a state that is only looked at. */
const NOT_WRITTEN: LaneHost = {
  settled: refuse,
  settledRange: refuse,
  returned: refuse,
  read: refuse,
  dropped: refuse,
}

function refuse(): never {
  assert(false, 'what is inspected is not changed')
}

function countsOf(changes: readonly DefinitionChange[]): DefinitionCounts {
  const count = (...kinds: readonly DefinitionChange['kind'][]) =>
    changes.filter(({ kind }) => kinds.includes(kind)).length
  return {
    vhosts: count('vhost-added'),
    users: count('user-set'),
    permissions: count('permissions-set', 'topic-permissions-set'),
    policies: count('policy-set'),
    exchanges: count('exchange-declared'),
    queues: count('queue-declared'),
    bindings: count('bound'),
  }
}

function queuesOf(
  state: StoreState,
  changes: readonly DefinitionChange[],
): readonly QueueContent[] {
  const contents = new Map<string, QueueContent>()
  for (const change of changes) {
    if (change.kind !== 'queue-declared') continue
    const { vhost, name } = change.queue
    const owner: LaneOwner = { vhost, kind: 'queue', name }
    contents.set(keyOf(owner), { ...owner, messages: 0, bytes: 0, isDeclared: true })
  }
  const exchanges = exchangesOf(changes)
  for (const { name: lane, restoredCount, restoredBytes } of state.lanes.values()) {
    const { vhost, kind, name } = lane
    const key = keyOf(lane)
    const known = contents.get(key)
    if (known === undefined && restoredCount === 0) continue
    contents.set(key, {
      vhost,
      kind,
      name,
      messages: (known?.messages ?? 0) + restoredCount,
      bytes: (known?.bytes ?? 0) + restoredBytes,
      isDeclared: known?.isDeclared ?? exchanges.has(key),
    })
  }
  return [...contents.values()].sort(byName)
}

function exchangesOf(changes: readonly DefinitionChange[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const change of changes) {
    if (change.kind !== 'exchange-declared') continue
    const { vhost, name } = change.exchange
    keys.add(keyOf({ vhost, kind: 'exchange', name }))
  }
  return keys
}

function keyOf({ vhost, kind, name }: LaneOwner): string {
  return JSON.stringify([vhost, kind, name])
}

function byName(a: LaneOwner, b: LaneOwner): number {
  if (a.vhost !== b.vhost) return a.vhost < b.vhost ? -1 : 1
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.kind < b.kind ? -1 : 1
}

function contentOf(segment: Segment): SegmentContent {
  const { path, liveCount, liveBytes } = segment
  return { path, size: sizeOf(segment), messages: liveCount, bytes: liveBytes }
}

/** 0 for a file that is gone, which is damage and told as such. */
function sizeOf(segment: Segment): number {
  try {
    return segment.file.size
  } catch {
    return 0
  }
}
