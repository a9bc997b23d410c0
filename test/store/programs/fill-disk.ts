import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeFileSystem } from '../../../src/store/files/node-file-system.ts'
import { systemCodeOf } from '../../../src/store/store-error.ts'
import { bodyOf, newMessage } from '../../support/messages.ts'
import { openStore, turn } from '../../support/store-workload-open.ts'
import { TestHolder } from '../../support/test-holder.ts'

/**
 * Fills the file system of its first argument with messages until a write fails, and goes on until all is well again:
 * because somebody makes `room`, because `consumers` settle everything, or because only files are limited in size,
 * `files`, and others can be begun. Then opens the store again, and says what came of it.
 */
const [directory = '', wayOut = ''] = process.argv.slice(2)
process.on('SIGXFSZ', () => {}) // without that the signal ends the process before the call can fail

const LOG_FILE_SIZE = 128 * 1024
const BODY_SIZE = 1000
const WAITING_MAX = 50 // so that what waits finds a place in the room that is made
const ballast = join(directory, 'ballast')
if (wayOut === 'room') writeFileSync(ballast, Buffer.alloc(300 * 1024, 1))

const files = new NodeFileSystem(join(directory, 'data'))
const { store, clock, troubles } = await openStore(files, LOG_FILE_SIZE)
const { durability, messages } = store
const holder = new TestHolder(messages)
const { lane } = holder
let settledTo = 0

function append(): void {
  const body = `${lane.latest + 1} `.padEnd(BODY_SIZE, '.')
  messages.append(newMessage({ body, isPersistent: true }), [holder])
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    clock.advance(100)
    await turn()
  }
}

/** How many of the messages between two are there, and right. */
function countRight(of: typeof lane, from: number, to: number): number {
  let count = 0
  for (let at = from; at <= to; ) {
    const { messages: found, next } = of.read(at, to, 100_000)
    for (const { message, ordinal } of found) {
      if (bodyOf(message) === `${ordinal} `.padEnd(BODY_SIZE, '.')) count++
    }
    at = next
  }
  return count
}

await until(() => {
  if (durability.recorded - durability.durable < WAITING_MAX) append()
  return troubles.length > 0
})
const confirmed = durability.durable // every change was a message
for (let i = 0; i < 10; i++) append()
const retryAtMs = clock.now() + 20_000
await until(() => clock.now() > retryAtMs)
const readInTrouble = countRight(lane, 1, confirmed)

if (wayOut === 'room') await rm(ballast)
if (wayOut === 'consumers') {
  settledTo = confirmed
  lane.settleRange(1, settledTo)
}
await until(() => durability.durable === durability.recorded && troubles.length % 2 === 0)
const latest = lane.latest
await store.close()

const again = await openStore(files, LOG_FILE_SIZE)
const restored = new TestHolder(again.store.messages).lane
const codes = new Set(troubles.map((cause, i) => (i % 2 === 0 ? systemCodeOf(cause) : `${cause}`)))
const facts = {
  codes: [...codes],
  unreadInTrouble: confirmed - readInTrouble,
  restoredCount: restored.restoredCount,
  expectedCount: latest - settledTo,
  rightCount: countRight(restored, settledTo + 1, restored.latest),
  errors: again.said.errors,
}
process.stdout.write(`${JSON.stringify({ confirmed, facts })}\n`)
await again.store.close()
