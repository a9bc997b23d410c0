/** The other thread: returns what comes, over the port or through shared memory. */
import { parentPort, workerData } from 'node:worker_threads'
import { SharedRing } from './shared-ring.ts'

type Task =
  | { readonly kind: 'port' }
  | {
      readonly kind: 'ring'
      readonly there: SharedArrayBuffer
      readonly back: SharedArrayBuffer
      readonly batchSize: number
    }

const task: Task = workerData

if (task.kind === 'port') {
  parentPort?.on('message', (buffer: ArrayBuffer) => parentPort?.postMessage(buffer, [buffer]))
} else {
  const there = new SharedRing(task.there, task.batchSize)
  const back = new SharedRing(task.back, task.batchSize)
  const batch = new Uint8Array(task.batchSize)
  for (;;) {
    there.wait()
    while (there.shift(batch)) if (back.push(batch)) parentPort?.postMessage(null)
  }
}
