import { resolve } from 'node:path'
import { DirectoryLock } from '../store/files/directory-lock.ts'
import { NodeFileSystem } from '../store/files/node-file-system.ts'
import { type Inspection, inspect } from '../store/inspect.ts'
import { StoreError, systemCodeOf } from '../store/store-error.ts'
import { type Verification, verify } from '../store/verify.ts'
import type { StoreCommand } from './command-line.ts'
import { EXIT_DAMAGED } from './exit-code.ts'
import { inspectionText, verificationText } from './store-report.ts'

/**
 * Runs `leveret store inspect` or `verify`: the report goes to stdout, what keeps it from being made to stderr. The exit
 * status says whether all is well.
 */
export function runStoreCommand({ action, directory, isJson }: StoreCommand): void {
  const path = resolve(directory)
  try {
    const user = DirectoryLock.holderOf(path)
    const report = action === 'inspect' ? inspected(path, user) : verified(path, user)
    if (report === null) return complain(`${path} is no data directory`)
    const json = JSON.stringify({ directory: path, process: user, ...report.found }, null, 2)
    process.stdout.write(`${isJson ? json : report.text}\n`)
    if (report.isDamaged) process.exitCode = EXIT_DAMAGED
  } catch (error) {
    if (!(error instanceof StoreError) && systemCodeOf(error) === '') throw error
    complain(error instanceof Error ? error.message : String(error))
  }
}

type Report = {
  readonly found: Inspection | Verification
  readonly text: string
  readonly isDamaged: boolean
}

function inspected(path: string, user: number | null): Report | null {
  const found = read(user, () => inspect(new NodeFileSystem(path)))
  if (found === null) return null
  return { found, text: inspectionText(found, path, user), isDamaged: false }
}

function verified(path: string, user: number | null): Report | null {
  const found = read(user, () => verify(new NodeFileSystem(path)))
  if (found === null) return null
  const isDamaged = found.damage.length > 0 || found.lost.length > 0
  return { found, text: verificationText(found, path, user), isDamaged }
}

/**
 * While a broker writes, what was read first may not fit what was read last, and files go. That looks like damage, and is
 * none if it is gone at another look.
 */
function read<T extends { readonly damage: readonly string[] }>(
  user: number | null,
  look: () => T | null,
): T | null {
  let found = look()
  for (let more = LOOKS - 1; more > 0 && user !== null; more--) {
    if (found?.damage.length === 0) break
    found = look()
  }
  return found
}

const LOOKS = 5

function complain(problem: string): void {
  process.stderr.write(`leveret: ${problem}\n`)
  process.exitCode = EXIT_DAMAGED
}
