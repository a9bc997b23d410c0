import { getHeapSpaceStatistics } from 'node:v8'
import { describe, expect, test, vi } from 'vitest'
import { loadTrim, memoryControls } from '../../src/cli/memory-controls.ts'
import {
  LOOK_INTERVAL_MS,
  type MemoryControls,
  ProcessMemory,
} from '../../src/cli/process-memory.ts'

const MIB = 1_048_576

class Process implements MemoryControls {
  usedMs = 0
  heapSize = 8 * MIB
  growths: number[] = []
  returnedCount = 0

  cpuMs() {
    return this.usedMs
  }

  oldHeapSize() {
    return this.heapSize
  }

  setHeapGrowth(percent: number) {
    this.growths.push(percent)
  }

  async returnFreed() {
    this.returnedCount++
  }
}

describe('memory of a process', () => {
  test('is returned after work, again and again for a while, and then left alone', async () => {
    const controls = new Process()
    const memory = new ProcessMemory(controls)
    await memory.look()
    expect(controls.returnedCount).toBe(0)
    controls.usedMs += LOOK_INTERVAL_MS
    await memory.look()
    expect(controls.returnedCount).toBe(0)
    for (let look = 1; look < 5; look++) await memory.look()
    expect(controls.returnedCount).toBe(0)
    for (let look = 5; look < 100; look++) await memory.look()
    expect(controls.returnedCount).toBe(26)
  })

  test('is not returned in a short pause', async () => {
    const controls = new Process()
    const memory = new ProcessMemory(controls)
    for (let look = 0; look < 100; look++) {
      if (look % 5 === 0) controls.usedMs += LOOK_INTERVAL_MS
      await memory.look()
    }
    expect(controls.returnedCount).toBe(0)
  })

  test('is not returned while there is work', async () => {
    const controls = new Process()
    const memory = new ProcessMemory(controls)
    for (let look = 0; look < 100; look++) {
      controls.usedMs += LOOK_INTERVAL_MS / 2
      await memory.look()
    }
    expect(controls.returnedCount).toBe(0)
  })

  test('a small heap has room for garbage, a large one what V8 gives it', async () => {
    const controls = new Process()
    const memory = new ProcessMemory(controls)
    for (const size of [8, 8, 16, 64, 128, 129, 1000, 8]) {
      controls.heapSize = size * MIB
      await memory.look()
    }
    expect(controls.growths).toEqual([800, 400, 100, 50, 0, 800])
  })
})

describe('the memory of this process', () => {
  test('has a heap of which the young generation is no part', () => {
    const all = getHeapSpaceStatistics().reduce((sum, space) => sum + space.space_used_size, 0)
    const size = memoryControls().oldHeapSize()
    expect(size).toBeGreaterThan(MIB)
    expect(size).toBeLessThan(all)
  })

  test('is returned by a package that does without a report, which would look up the name of every peer', async () => {
    const getReport = vi.spyOn(process.report, 'getReport')
    vi.resetModules()
    await memoryControls().returnFreed()
    expect(getReport).not.toHaveBeenCalled()
    getReport.mockRestore()
  })

  test('can be returned where the C library is glibc', async () => {
    const isGlibc = 'glibcVersionRuntime' in headerOf(process.report.getReport())
    const trim = await loadTrim()
    expect(trim !== null).toBe(isGlibc)
    if (trim !== null) expect([true, false]).toContain(trim())
  })
})

function headerOf(report: object): object {
  const header: unknown = Reflect.get(report, 'header')
  return typeof header === 'object' && header !== null ? header : {}
}
