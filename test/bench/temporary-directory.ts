import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { atExit } from './at-exit.ts'

/** Makes a new directory that goes with all in it when this process ends. */
export function temporaryDirectory(parent: string, prefix: string): string {
  const directory = mkdtempSync(join(parent, `${prefix}-`))
  atExit(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
