import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const PROGRAMS = fileURLToPath(new URL('programs/', import.meta.url))

/** Mounts a small file system that nobody else sees, and that goes with the process. */
const MOUNTING = 'mount -t tmpfs -o size=2m tmpfs "$0"'
const NAMESPACES = [['-m'], ['-U', '-r', '-m']] // as root, and as anybody where the system allows it

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leveret-full-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test.each(['room', 'consumers'])(
  'a store whose disk is full goes on with new %s',
  async (wayOut) => {
    const namespace = NAMESPACES.find(canMount)
    const limit = `ulimit -f ${100 * 2} && `
    if (namespace === undefined) {
      process.stdout.write(
        'no file system can be mounted here: the size of files is limited instead\n',
      )
    }
    const [command, ...args] =
      namespace === undefined
        ? ['sh', '-c', `${limit}exec "$@"`, directory]
        : ['unshare', ...namespace, 'sh', '-c', `${MOUNTING} && exec "$@"`, directory]
    const way = namespace === undefined ? 'files' : wayOut
    const program = ['--import', 'tsx', join(PROGRAMS, 'fill-disk.ts'), directory, way]
    const { stdout } = await promisify(execFile)(
      command!,
      [...args, process.execPath, ...program],
      {
        timeout: 20_000,
      },
    )
    const { confirmed, facts }: { confirmed: number; facts: Facts } = JSON.parse(stdout)
    process.stdout.write(`full after ${confirmed} messages of 1,000 bytes: ${stdout}`)
    expect(facts).toEqual({
      codes: [namespace === undefined ? 'EFBIG' : 'ENOSPC', 'null'],
      unreadInTrouble: 0,
      restoredCount: facts.expectedCount,
      expectedCount: facts.expectedCount,
      rightCount: facts.expectedCount,
      errors: [],
    })
    expect(facts.expectedCount).toBeGreaterThanOrEqual(10)
  },
)

test('a write past the limit of file sizes tells the error, and has written what fits', () => {
  const limit = 64 * 1024
  const command = `ulimit -f ${limit / 512} && exec "$@"`
  const program = ['--import', 'tsx', join(PROGRAMS, 'write-past-limit.ts'), directory, `${limit}`]
  const args = ['-c', command, 'sh', process.execPath, ...program]
  expect(execFileSync('sh', args, { encoding: 'utf8' })).toBe(`EFBIG ${limit} true\n`)
})

interface Facts {
  readonly expectedCount: number
}

function canMount(namespace: readonly string[]): boolean {
  try {
    execFileSync('unshare', [...namespace, 'sh', '-c', MOUNTING, directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
