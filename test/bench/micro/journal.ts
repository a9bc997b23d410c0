import { tmpdir } from 'node:os'
import { SystemClock } from '../../../src/common/clock.ts'
import { SILENT } from '../../../src/common/log.ts'
import { StoredMessages } from '../../../src/protocol/stored-messages.ts'
import { FileStore } from '../../../src/store/file-store.ts'
import type { FileSystem } from '../../../src/store/files/file-system.ts'
import { NodeFileSystem } from '../../../src/store/files/node-file-system.ts'
import { newMessage } from '../../support/messages.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { NoFiles } from './no-files.ts'
import type { Subject } from './subject.ts'

/** Messages that are recorded before somebody waits for them. */
const BATCH_COUNT = 100

/** A message recorded, made durable and settled: without a disk, and with one. */
export async function journalSubjects(): Promise<readonly Subject[]> {
  const directory = temporaryDirectory(tmpdir(), 'leveret-micro')
  return [
    await journalSubject('no disk', new NoFiles()),
    await journalSubject('files', new NodeFileSystem(directory)),
  ]
}

async function journalSubject(where: string, files: FileSystem): Promise<Subject> {
  const store = await FileStore.open({
    files,
    messages: new StoredMessages(),
    clock: new SystemClock(),
    log: SILENT,
    onTrouble: (cause) => {
      if (cause !== null) throw cause
    },
  })
  const owner = { vhost: '/', kind: 'queue', name: 'queue-0001' } as const
  const lane = store.lane({ ...owner, level: 0, durable: true })
  const holders = [{ laneOf: () => lane, timeOf: () => 0 }]
  const message = newMessage({ routingKey: owner.name, body: 'x'.repeat(1024), isPersistent: true })
  return {
    name: `journal: 1,024 B, ${BATCH_COUNT} at a time, ${where}`,
    async run(count) {
      let done = 0
      for (; done < count; done += BATCH_COUNT) {
        for (let i = 0; i < BATCH_COUNT; i++) store.append(message, holders)
        await new Promise<void>((resolve) => {
          store.durability.whenDurable({ onDurable: () => resolve() })
        })
        for (let i = BATCH_COUNT; i > 0; i--) lane.settle(lane.latest - i + 1, message.bodySize)
      }
      return done
    },
    end: () => store.close(),
  }
}
