/** Posts a message to its parent at an even rate: it sleeps in a wait that ends by the microsecond. */
import { parentPort, workerData } from 'node:worker_threads'

const rate = Number(workerData)
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
const beginMs = performance.now()
for (let tick = 1; ; tick++) {
  const dueMs = beginMs + (tick * 1000) / rate
  const restMs = dueMs - performance.now()
  if (restMs > 0) Atomics.wait(nobodyWakes, 0, 0, restMs)
  parentPort?.postMessage(null)
}
