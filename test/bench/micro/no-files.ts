import type { FileSystem, LogFile, ReadableFile } from '../../../src/store/files/file-system.ts'

/** A disk that takes everything at once and keeps nothing: what is left is the store's own work. */
export class NoFiles implements FileSystem {
  list(): readonly string[] {
    return []
  }

  async makeFolder(): Promise<void> {}

  async createLog(): Promise<LogFile> {
    return { write: async () => {}, close: async () => {} }
  }

  async writeWhole(): Promise<void> {}

  open(path: string): ReadableFile {
    throw new Error(`${path} was not kept`)
  }

  async rename(): Promise<void> {}

  async truncate(): Promise<void> {}

  async remove(): Promise<void> {}
}
