import type { FileSystem, ReadableFile } from './file-system.ts'

/** Files that are open to be read; of too many, the one that has not been used for longest is closed. */
export class OpenFiles {
  private readonly files: FileSystem
  private readonly open = new Map<string, ReadableFile>() // the one used last is the last

  constructor(files: FileSystem) {
    this.files = files
  }

  /** To be used at once: the next call may close it. Throws the error of the system when it cannot be opened. */
  get(path: string): ReadableFile {
    const known = this.open.get(path)
    if (known !== undefined) {
      this.open.delete(path)
      this.open.set(path, known)
      return known
    }
    const file = this.files.open(path)
    this.open.set(path, file)
    if (this.open.size > MAX_OPEN) {
      const [oldest] = this.open.keys()
      if (oldest !== undefined) this.close(oldest)
    }
    return file
  }

  close(path: string): void {
    this.open.get(path)?.close()
    this.open.delete(path)
  }

  closeAll(): void {
    for (const path of [...this.open.keys()]) this.close(path)
  }
}

const MAX_OPEN = 32
