import { createInterface } from 'node:readline'
import { DirectoryLock } from '../../../src/store/files/directory-lock.ts'
import { systemCodeOf } from '../../../src/store/store-error.ts'

/**
 * Takes and releases the data directory that is its first argument, as the lines `take` and `release` come in, and
 * says each time how that went. With a second argument it does so as that user.
 */
const [directory = '', userId] = process.argv.slice(2)
if (userId !== undefined) process.setuid?.(Number(userId))

let lock: DirectoryLock | null = null

process.stdout.write('ready\n')
for await (const line of createInterface(process.stdin)) {
  try {
    if (line === 'take') lock = DirectoryLock.take(directory)
    else lock?.release()
    process.stdout.write('done\n')
  } catch (error) {
    process.stdout.write(`${systemCodeOf(error)}: ${error}\n`)
  }
}
