import { readdir, readFile, statfs } from 'node:fs/promises'

/** What the process uses of the machine. */
export interface ProcessGauges {
  /** Resident. */
  readonly memoryBytes: number
  readonly fileDescriptors: number
  /** Most file descriptors it may have open. */
  readonly fileDescriptorLimit: number
  /** Handles and requests that keep it going: what comes closest to Erlang's processes. */
  readonly processes: number
  /** Of the disk that holds the data directory. */
  readonly diskFreeBytes: number
  readonly contextSwitches: number
}

/** What nobody has read yet. */
export const NO_GAUGES: ProcessGauges = {
  memoryBytes: 0,
  fileDescriptors: 0,
  fileDescriptorLimit: 0,
  processes: 0,
  diskFreeBytes: 0,
  contextSwitches: 0,
}

/** Reads what the system says of this process, and of the disk that holds `directory`; 0 for what it does not say. */
export async function readProcessGauges(directory: string): Promise<ProcessGauges> {
  const [fileDescriptors, fileDescriptorLimit, diskFreeBytes] = await Promise.all([
    orZero(readdir('/proc/self/fd').then(({ length }) => length)),
    orZero(readFile('/proc/self/limits', 'utf8').then(openFilesIn)),
    orZero(statfs(directory).then(({ bavail, bsize }) => bavail * bsize)),
  ])
  const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage()
  return {
    memoryBytes: process.memoryUsage.rss(),
    fileDescriptors,
    fileDescriptorLimit,
    processes: process.getActiveResourcesInfo().length,
    diskFreeBytes,
    contextSwitches: voluntaryContextSwitches + involuntaryContextSwitches,
  }
}

function openFilesIn(limits: string): number {
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0)
}

/** Not every system has these files. */
function orZero(reading: Promise<number>): Promise<number> {
  return reading.catch(() => 0)
}
