import { resolve } from 'node:path'
import { BrokerError } from './broker-options.ts'
import type { Clock } from './common/clock.ts'
import type { Logger } from './common/log.ts'
import type { Store } from './core/ports.ts'
import type { Alarms } from './protocol/alarms.ts'
import { StoredMessages } from './protocol/stored-messages.ts'
import { FileStore } from './store/file-store.ts'
import { DirectoryLock } from './store/files/directory-lock.ts'
import { NodeFileSystem } from './store/files/node-file-system.ts'
import { MemoryStore } from './store/memory-store.ts'
import { StoreError, systemCodeOf } from './store/store-error.ts'

/** Where a broker keeps what is to survive it. */
export interface Storage {
  readonly store: Store
  /** Makes everything recorded durable and lets go of the data directory. */
  close(): Promise<void>
}

/** What storage needs of the broker that it belongs to. */
export interface StorageHost {
  readonly alarms: Alarms
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Opens a data directory, which is made if need be and is this broker's alone until it is closed; undefined for memory.
 * Rejects with a BrokerError; then nothing is left open.
 */
export async function openStorage(
  dataDir: string | undefined,
  host: StorageHost,
): Promise<Storage> {
  if (dataDir === undefined) return memoryStorage()
  const directory = resolve(dataDir)
  try {
    const lock = DirectoryLock.take(directory)
    try {
      return new DirectoryStorage(await openStore(directory, host), lock)
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw cannotOpen(error, directory)
  }
}

function memoryStorage(): Storage {
  const store = new MemoryStore()
  return { store, close: () => store.close() }
}

class DirectoryStorage implements Storage {
  readonly store: Store
  private readonly lock: DirectoryLock

  constructor(store: Store, lock: DirectoryLock) {
    this.store = store
    this.lock = lock
  }

  async close(): Promise<void> {
    try {
      await this.store.close()
    } finally {
      this.lock.release()
    }
  }
}

async function openStore(directory: string, { alarms, clock, log }: StorageHost): Promise<Store> {
  const startMs = clock.now()
  const store = await FileStore.open({
    files: new NodeFileSystem(directory),
    messages: new StoredMessages(),
    clock,
    log,
    onTrouble: (cause) => {
      if (cause === null) clearAlarm(directory, alarms, log)
      else raiseAlarm(cause, directory, alarms, log)
    },
  })
  const did = store.recovered.isNew ? 'made' : 'opened'
  log.info(`${did} the data directory ${directory} in ${Math.round(clock.now() - startMs)} ms`)
  return store
}

/** Who publishes waits while nothing can be kept; who consumes goes on. */
function raiseAlarm(cause: Error, directory: string, alarms: Alarms, log: Logger): void {
  const what = `cannot write to the data directory ${directory}: ${cause.message}`
  log.error({ err: cause }, `${what}. Publishers are blocked, and nothing is confirmed`)
  alarms.raise('disk', 'storage')
}

function clearAlarm(directory: string, alarms: Alarms, log: Logger): void {
  alarms.clear('disk', 'storage')
  const what = `the data directory ${directory} can be written to again`
  log.info(alarms.isRaised ? what : `${what}. Publishers go on`)
}

/** A directory that cannot be used is the operator's to mend; anything else is no error of the world. */
function cannotOpen(error: unknown, directory: string): unknown {
  if (error instanceof StoreError) {
    const isNamed = error.message.includes(directory)
    const message = isNamed ? error.message : `${cannotUse(directory)}: ${error.message}`
    return new BrokerError(error.code, message, { cause: error.cause })
  }
  if (!(error instanceof Error) || !/^E[A-Z0-9]+$/.test(systemCodeOf(error))) return error
  const message = `${cannotUse(directory)}: ${error.message}`
  return new BrokerError('DATA_DIR_NOT_WRITABLE', message, { cause: error })
}

function cannotUse(directory: string): string {
  return `cannot use the data directory ${directory}`
}
