import { SimulatedBytes } from './simulated-disk-bytes.ts'
import type { Random } from './simulated-disk-random.ts'

/** A change of what is on a disk, as it was asked for. */
export type Change =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'create' | 'replace'; readonly path: string; readonly file: SimulatedFile }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'write'
      readonly file: SimulatedFile
      /** Looked at when they get to the disk: whoever changes them before has written something else. */
      readonly parts: readonly Uint8Array[]
      readonly at: number
    }
  | { readonly kind: 'truncate'; readonly file: SimulatedFile; readonly size: number }

/** What became of a change that had not been synced when the power went. */
export type Fate = 'lost' | 'whole' | 'torn'

/** A file: what reads see of it, and what there is of it for certain on the disk. */
export class SimulatedFile {
  /** Both are the same until a write fails. */
  live: SimulatedBytes
  stable: SimulatedBytes
  /** A write to it failed: nobody knows what of it is on the disk, and it must not be written to. */
  hasFailed = false
  isBeingWritten = false
  path: string

  constructor(path: string, bytes = new SimulatedBytes()) {
    this.path = path
    this.live = bytes
    this.stable = bytes
  }
}

/** The folders and names of a disk. */
export class SimulatedNames {
  readonly folders: Set<string>
  readonly files: Map<string, SimulatedFile>

  constructor(folders: Iterable<string> = [''], files: Iterable<[string, SimulatedFile]> = []) {
    this.folders = new Set(folders)
    this.files = new Map(files)
  }

  copy(): SimulatedNames {
    return new SimulatedNames(this.folders, this.files)
  }

  apply(change: Change): void {
    const { files } = this
    switch (change.kind) {
      case 'folder':
        for (const folder of foldersTo(change.path)) this.folders.add(folder)
        return
      case 'create':
      case 'replace':
        files.set(change.path, change.file)
        return
      case 'remove':
        files.delete(change.path)
        return
      case 'rename': {
        const file = files.get(change.path)
        if (file === undefined) return
        files.delete(change.path)
        files.set(change.to, file)
        return
      }
    }
  }
}

/** The folder of a path; empty for the top one. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** A folder and those above it. */
function foldersTo(path: string): readonly string[] {
  return path === '' ? [''] : [...foldersTo(folderOf(path)), path]
}

/** Brings a change of a file's bytes to them, as far as its fate lets it get. */
export function applyToBytes(
  bytes: SimulatedBytes,
  change: Extract<Change, { kind: 'write' | 'truncate' }>,
  fate: Fate,
  random: Random,
): void {
  if (fate === 'lost') return
  if (change.kind === 'truncate') {
    bytes.resize(Math.min(change.size, bytes.size))
    return
  }
  const content = Buffer.concat(change.parts)
  if (fate === 'whole') bytes.write(content, change.at)
  else bytes.writeTorn(content, change.at, random)
}

/** Any of the fates that a change may have: names are there or not, only bytes tear. */
export function randomFate(change: Change, random: Random): Fate {
  if (change.kind === 'write' && random.chance(0.5)) return 'torn'
  return random.chance(0.5) ? 'whole' : 'lost'
}
