import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { validate } from 'dockerfile-utils'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPTS = ['docker/docker-entrypoint.sh', 'docker/gosu']

/** Has linters read the Dockerfiles, and the scripts of the image. */
export async function lint(): Promise<string> {
  for (const path of ['Dockerfile', 'examples/Dockerfile']) {
    const faults = validate(await readFile(join(ROOT, path), 'utf8'))
    assert.deepEqual(
      faults.map(({ message, range }) => [path, range.start.line + 1, message]),
      [],
    )
  }
  const { stdout } = await promisify(execFile)('shellcheck', SCRIPTS, { cwd: ROOT })
  return stdout
}
