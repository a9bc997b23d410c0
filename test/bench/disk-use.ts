import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a directory with all below it takes on the disk, in bytes: blocks, not sizes. */
export function diskUse(directory: string): { bytes: number; files: number } {
  let bytes = 0
  let files = 0
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false }) // it may go meanwhile
    if (stat?.isFile() !== true) continue
    bytes += stat.blocks * BLOCK_SIZE
    files++
  }
  return { bytes, files }
}

/** Of stat(2), whatever the file system. */
const BLOCK_SIZE = 512
