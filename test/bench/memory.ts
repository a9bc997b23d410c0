import { setImmediate } from 'node:timers/promises'

/** What a process holds, in bytes. */
export interface Memory {
  readonly heapUsed: number
  /** Of buffers, outside the heap. */
  readonly arrayBuffers: number
  readonly rss: number
}

export function memoryNow(): Memory {
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heapUsed, arrayBuffers, rss }
}

/** What is left when everything that can go is gone. The process must run with --expose-gc. */
export async function memoryAfterCollection(): Promise<Memory> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  for (let round = 0; round < 3; round++) {
    await setImmediate() // what waits for the end of a turn lets go of what it holds
    gc()
  }
  return memoryNow()
}

/** `12.3 MiB` */
export function inMebibytes(size: number): string {
  return `${(size / 1_048_576).toFixed(1)} MiB`
}
