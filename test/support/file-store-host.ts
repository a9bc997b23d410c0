import type { Logger } from '../../src/common/log.ts'
import type { Durability } from '../../src/core/ports.ts'
import { StoredMessages } from '../../src/protocol/stored-messages.ts'
import { FileStore } from '../../src/store/file-store.ts'
import type { FileSystem } from '../../src/store/files/file-system.ts'
import { ManualClock } from './manual-clock.ts'

/** Opens file stores, one after the other, and notes what they say. */
export class FileStoreHost {
  readonly clock = new ManualClock()
  /** Lines of the log, with their level. */
  readonly lines: string[] = []
  /** What the store said of its disk: an error, or null when it works again. */
  readonly troubles: (Error | null)[] = []
  readonly files: FileSystem
  readonly log: Logger

  constructor(files: FileSystem) {
    this.files = files
    const note = (level: string) => (fields: object | string, text?: string) => {
      this.lines.push(`${level} ${text ?? String(fields)}`)
    }
    this.log = {
      debug: note('debug'),
      info: note('info'),
      warn: note('warn'),
      error: note('error'),
    }
  }

  open(logFileSize?: number): Promise<FileStore> {
    return FileStore.open({
      files: this.files,
      messages: new StoredMessages(),
      clock: this.clock,
      log: this.log,
      onTrouble: (cause) => this.troubles.push(cause),
      ...(logFileSize === undefined ? {} : { logFileSize }),
    })
  }
}

/** Resolves when everything recorded is durable. */
export async function untilDurable(durability: Durability): Promise<void> {
  while (durability.durable < durability.recorded) {
    await new Promise<void>((resolve) => durability.whenDurable({ onDurable: () => resolve() }))
  }
}

/** Lets so many turns of the event loop pass. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}

/** Resolves when this is so; throws when many turns of the event loop have not brought it. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let i = 0; i < MANY_TURNS; i++) {
    if (isSo()) return
    await new Promise(setImmediate)
  }
  throw new Error(`it never came to this: ${what}`)
}

const MANY_TURNS = 5000
