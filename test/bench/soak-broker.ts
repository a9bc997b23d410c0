/**
 * The broker of a soak, in a process of its own with an IPC channel and --expose-gc: tells its url, answers `memory`
 * and `collected memory`, and closes when its parent lets go.
 */
import { createBroker } from '../../src/index.ts'
import { memoryAfterCollection, memoryNow } from './memory.ts'

const broker = await createBroker()

async function answer(question: unknown): Promise<void> {
  const memory = question === 'memory' ? memoryNow() : await memoryAfterCollection()
  process.send?.({ ...memory, cpuMicroseconds: cpuMicroseconds() })
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

process.on('message', (question) => void answer(question))
process.on('disconnect', () => void broker.close())
process.send?.({ url: broker.url })
