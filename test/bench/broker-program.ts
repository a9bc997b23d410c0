/**
 * A broker in a process of its own, with its data in the directory that is its one argument. Tells as JSON lines what
 * it logs, and its url once it accepts connections. Closes at SIGTERM, and when its parent is gone.
 */
import { writeSync } from 'node:fs'
import type { LogFields, Logger } from '../../src/common/log.ts'
import { createBroker } from '../../src/index.ts'

const dataDir = process.argv[2]
if (dataDir === undefined) throw new Error('the data directory is missing')

const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const speaker = (level: string) => (first: LogFields | string, message?: string) =>
  say(typeof first === 'string' ? { level, message: first } : { level, message, ...first })

const logger: Logger = {
  debug: () => {},
  info: speaker('info'),
  warn: speaker('warn'),
  error: speaker('error'),
}

const broker = await createBroker({ dataDir, logger, consumerTimeoutMs: null })

async function close(): Promise<void> {
  await broker.close()
  process.exit()
}

process.on('SIGTERM', () => void close())
process.on('disconnect', () => void close())
say({ url: broker.url })
