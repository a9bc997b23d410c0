import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import type { MemoryControls } from './process-memory.ts'

/** Those of the process that this runs in. */
export function memoryControls(): MemoryControls {
  let trimming: Promise<Trim | null> | null = null
  return {
    cpuMs() {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
    oldHeapSize() {
      let size = 0
      for (const space of getHeapSpaceStatistics()) {
        if (!space.space_name.startsWith('new_')) size += space.space_used_size
      }
      return size
    },
    setHeapGrowth(percent) {
      setFlagsFromString(`--heap-growing-percent=${percent}`)
    },
    async returnFreed() {
      trimming ??= loadTrim()
      const trim = await trimming
      trim?.()
    },
  }
}

/** Returns whether there was something to give back. */
type Trim = () => boolean

/**
 * `malloc_trim` of glibc, which keeps nearly all of what was freed, so that a broker once busy would stay at two or three
 * times the memory of an idle one. Null where the C library has no such function, because it gives memory back by itself,
 * and where the package, which is optional, is not installed.
 */
export async function loadTrim(): Promise<Trim | null> {
  if (process.platform !== 'linux') return null
  try {
    const { default: koffi } = await import('koffi')
    const trim = koffi.load('libc.so.6').func('int malloc_trim(size_t)')
    return () => trim(0) === 1
  } catch {
    return null
  }
}
