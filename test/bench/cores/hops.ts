import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { temporaryDirectory } from '../temporary-directory.ts'
import { SharedRing } from './shared-ring.ts'

const MEASURED_SECONDS = 1
const IN_FLIGHT = 8

/** CPU of both threads for moving one batch from one to the other, in microseconds. */
export async function portMicroseconds(batchSize: number): Promise<number> {
  const worker = newWorker({ kind: 'port' })
  let hops = 0
  worker.on('message', (buffer: ArrayBuffer) => {
    hops += 2
    worker.postMessage(buffer, [buffer])
  })
  for (let i = 0; i < IN_FLIGHT; i++) {
    const buffer = new ArrayBuffer(batchSize)
    worker.postMessage(buffer, [buffer])
  }
  return await measured(worker, () => hops)
}

/** The same with a copy into memory that both threads share, and a wake-up when the other one sleeps. */
export async function ringMicroseconds(batchSize: number): Promise<number> {
  const there = SharedRing.create(IN_FLIGHT, batchSize)
  const back = SharedRing.create(IN_FLIGHT, batchSize)
  const worker = newWorker({ kind: 'ring', there: there.memory, back: back.memory, batchSize })
  const batch = Buffer.alloc(batchSize, 'x')
  let hops = 0
  worker.on('message', () => {
    while (back.shift(batch)) {
      hops += 2
      if (there.push(batch)) there.notify()
    }
  })
  for (let i = 0; i < IN_FLIGHT; i++) if (there.push(batch)) there.notify()
  return await measured(worker, () => hops)
}

async function measured(worker: Worker, hops: () => number): Promise<number> {
  await setTimeout(500)
  const before = process.cpuUsage()
  const start = hops()
  await setTimeout(MEASURED_SECONDS * 1000)
  const { user, system } = process.cpuUsage(before)
  const count = hops() - start
  await worker.terminate()
  return (user + system) / count
}

/** A worker does not take TypeScript, whatever the first thread was started with. */
async function buildWorker(): Promise<string> {
  const path = join(temporaryDirectory(tmpdir(), 'leveret-hops'), 'hop-worker.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('hop-worker.ts', import.meta.url))],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
  })
  return path
}

const program = await buildWorker()

function newWorker(workerData: object): Worker {
  return new Worker(program, { workerData })
}
