import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DirectoryLock } from '../../../src/store/files/directory-lock.ts'
import { StoreError, systemCodeOf } from '../../../src/store/store-error.ts'

/**
 * Takes the data directory of the first argument again and again, and leaves a stale lock behind each time, until it
 * has tried as often as the second argument says. Then says how often it had the directory, and how often
 * not alone.
 */
const [directory = '', tries = ''] = process.argv.slice(2)
const witness = join(directory, '..', 'witness')
let taken = 0
let notAlone = 0

for (let i = 0; i < Number(tries); i++) {
  try {
    DirectoryLock.take(directory)
    useAlone()
    leaveStale()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
process.stdout.write(`${taken} ${notAlone}\n`)

function useAlone(): void {
  taken++
  try {
    closeSync(openSync(witness, 'wx'))
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
    notAlone++
    return
  }
  unlinkSync(witness)
}

function leaveStale(): void {
  const unique = randomBytes(8).toString('hex')
  const stale = join(directory, '..', unique)
  writeFileSync(stale, JSON.stringify({ pid: 1, start: 'never', unique }))
  renameSync(stale, join(directory, 'lock'))
}
