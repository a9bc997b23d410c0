/**
 * The files of a data directory, as the store needs them. Paths are names inside that directory, with `/` between
 * folder and file. Small and said exactly, so that a simulated disk can stand in for the real one: it may lose, tear
 * and reorder everything whose promise had not resolved when the power went.
 *
 * Whatever fails rejects, or throws where it is synchronous, with the error of the system and its `code` (ENOSPC, EIO).
 */
export interface FileSystem {
  /** Names of the files in a folder, sorted; none when there is no such folder. */
  list(folder: string): readonly string[]
  /** Makes a folder with all above it; one that exists is no error. Once it resolves the folder survives losing power. */
  makeFolder(folder: string): Promise<void>
  /** Makes a new file to write a log to. Once it resolves the file, still empty, survives losing power. */
  createLog(path: string): Promise<LogFile>
  /**
   * Writes a file as a whole, in place of one of the same name: under another name first, synced and then renamed. Once
   * it resolves the content survives losing power; if it does not, the old file or none is there, never half a file.
   */
  writeWhole(path: string, content: readonly Uint8Array[]): Promise<void>
  /** Opens a file to read at any place. Synchronous: the messages of a queue are waited for. */
  open(path: string): ReadableFile
  rename(from: string, to: string): Promise<void>
  /** Cuts a file off behind this many bytes. Once it resolves that survives losing power. */
  truncate(path: string, size: number): Promise<void>
  /** A file that is not there is no error. */
  remove(path: string): Promise<void>
}

/** A file that is written from front to back. One write at a time. */
export interface LogFile {
  /**
   * Writes these bytes one after the other at `at`. Once it resolves they survive losing power. After a rejection,
   * what of them is on the disk is unknown, and the file must not be written to again. Until the file is closed, and
   * if it never was, there may be zeros behind what was written last.
   */
  write(parts: readonly Uint8Array[], at: number): Promise<void>
  close(): Promise<void>
}

export interface ReadableFile {
  readonly size: number
  /** Reads up to `length` bytes at `at` into `target`; returns how many there were, fewer only at the end of the file. */
  read(target: Uint8Array, length: number, at: number): number
  /** Asks that these bytes be brought near, so that a read soon need not wait for the disk. */
  readAhead(length: number, at: number): void
  close(): void
}
