import type { LogFields, Logger } from '../../src/common/log.ts'
import { FileStore } from '../../src/store/file-store.ts'
import type { FileSystem } from '../../src/store/files/file-system.ts'
import { ManualClock } from './manual-clock.ts'
import { WORKLOAD_MESSAGES } from './store-workload-messages.ts'

/** A store on a disk, and what it has said. */
export interface OpenedStore {
  readonly store: FileStore
  readonly clock: ManualClock
  readonly said: NotedLog
  /** What onTrouble was called with. */
  readonly troubles: readonly (Error | null)[]
}

/** Opens a store with log files so small that they end often. */
export async function openStore(
  files: FileSystem,
  logFileSize: number,
  said = new NotedLog(),
): Promise<OpenedStore> {
  const clock = new ManualClock()
  const troubles: (Error | null)[] = []
  const store = await FileStore.open({
    files,
    messages: WORKLOAD_MESSAGES,
    clock,
    log: said,
    onTrouble: (cause) => void troubles.push(cause),
    logFileSize,
  })
  return { store, clock, said, troubles }
}

/** The lines of a log, by level. */
export class NotedLog implements Logger {
  readonly errors: string[] = []
  readonly warnings: string[] = []
  readonly infos: string[] = []

  debug(): void {}

  info(...line: Line): void {
    this.infos.push(textOf(line))
  }

  warn(...line: Line): void {
    this.warnings.push(textOf(line))
  }

  error(...line: Line): void {
    this.errors.push(textOf(line))
  }
}

type Line = [message: string] | [fields: LogFields, message: string]

function textOf(line: Line): string {
  return line.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')
}

/** Resolves in a later turn, when what can happen at once has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** As the promise, unless that hangs: the simulated disk needs a turn for each operation. */
export async function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  promise.then(done, done)
  for (let turns = 0; turns < 20_000 && !isDone; turns++) await turn()
  if (!isDone) throw new Error(`${what} hangs`)
  return await promise
}
