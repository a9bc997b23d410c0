import type { LogFile, ReadableFile } from '../../src/store/files/file-system.ts'
import type { Change, SimulatedFile } from './simulated-disk-content.ts'

/** A log as a store holds it. What must never be done to one is added to `faults`. */
export class SimulatedLog implements LogFile {
  private readonly file: SimulatedFile
  private readonly faults: string[]
  private readonly ask: (change: Change) => Promise<void>
  private isOpen = true

  constructor(file: SimulatedFile, faults: string[], ask: (change: Change) => Promise<void>) {
    this.file = file
    this.faults = faults
    this.ask = ask
  }

  write(parts: readonly Uint8Array[], at: number): Promise<void> {
    const { file, faults } = this
    if (!this.isOpen) faults.push(`${file.path} is written to after it was closed`)
    if (file.hasFailed) faults.push(`${file.path} is written to after a write failed`)
    if (file.isBeingWritten) faults.push(`${file.path} is written to twice at once`)
    return this.ask({ kind: 'write', file, parts, at })
  }

  async close(): Promise<void> {
    this.isOpen = false
  }
}

export class SimulatedReadable implements ReadableFile {
  private readonly file: SimulatedFile
  private onClose: (() => void) | null

  constructor(file: SimulatedFile, onClose: () => void) {
    this.file = file
    this.onClose = onClose
  }

  get size(): number {
    return this.file.live.size
  }

  read(target: Uint8Array, length: number, at: number): number {
    if (this.onClose === null) throw systemError('EBADF', 'read')
    return this.file.live.read(target, length, at)
  }

  readAhead(): void {
    if (this.onClose === null) throw systemError('EBADF', 'read')
  }

  close(): void {
    this.onClose?.()
    this.onClose = null
  }
}

/** An error as the system makes them. */
export function systemError(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${call}`), { code })
}
