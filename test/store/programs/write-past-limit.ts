import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeFileSystem } from '../../../src/store/files/node-file-system.ts'
import { systemCodeOf } from '../../../src/store/store-error.ts'

/**
 * Writes more to a log than the limit of file sizes that this process runs under (its second argument, in bytes)
 * allows, and says what came of it: the code of the error, how much of what was written is there and whether it is
 * right.
 */
const [directory = '', limit = ''] = process.argv.slice(2)
process.on('SIGXFSZ', () => {}) // without that the signal ends the process before the call can fail

const files = new NodeFileSystem(directory)
await files.makeFolder('log')
const log = await files.createLog('log/1')
const parts = Array.from({ length: 3000 }, (_, index) => Buffer.alloc(7, `${index} `))
const before = Number(limit) - 5000
await log.write([Buffer.alloc(before, 'x')], 0)
const refusal = log.write(parts, before)
const code = await refusal.then(() => 'none', systemCodeOf)
await log.close()

const expected = Buffer.concat([Buffer.alloc(before, 'x'), ...parts])
const found = readFileSync(join(directory, 'log/1'))
const isPrefix = found.equals(expected.subarray(0, found.length))
process.stdout.write(`${code} ${found.length} ${isPrefix}\n`)
