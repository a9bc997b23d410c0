import { readdirSync, readFileSync } from 'node:fs'

/** What processes have used since their start. From Linux's /proc. */
export interface Usage {
  /** User and system time, in seconds. */
  readonly cpuSeconds: number
  /** Resident memory now, in bytes. */
  readonly rss: number
  /** The most that it ever was, in bytes; of several processes, the sum. */
  readonly peakRss: number
  /** Calls of write by threads other than the first: those of a pool, which writes files and no sockets. */
  readonly poolWrites: number
}

/** The sum over these processes. One that is gone counts as nothing. */
export function usageOf(pids: readonly number[]): Usage {
  const sum = { cpuSeconds: 0, rss: 0, peakRss: 0, poolWrites: 0 }
  for (const pid of pids) {
    sum.cpuSeconds += cpuSecondsOf(pid)
    const status = read(`/proc/${pid}/status`)
    sum.rss += 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    sum.peakRss += 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    sum.poolWrites += poolWritesOf(pid)
  }
  return sum
}

/**
 * Processor time of the threads that these processes have now, in seconds: to the nanosecond, but without that of threads
 * that have ended. For what takes hardly any.
 */
export function threadSecondsOf(pids: readonly number[]): number {
  let nanoseconds = 0
  for (const pid of pids) {
    for (const thread of listed(`/proc/${pid}/task`)) {
      nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0)
    }
  }
  return nanoseconds / 1e9
}

/** A process and all below it. */
export function processTree(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (pid > 0) parents.set(pid, Number(statOf(pid)[1]))
  }
  const tree = [root]
  for (const member of tree) {
    for (const [pid, parent] of parents) if (parent === member) tree.push(pid)
  }
  return tree
}

function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid)
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND
}

/** The fields of proc(5)'s `stat` from the third on, behind the name, which may hold blanks. */
function statOf(pid: number): readonly string[] {
  const text = read(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function poolWritesOf(pid: number): number {
  let sum = 0
  for (const thread of listed(`/proc/${pid}/task`)) {
    if (Number(thread) === pid) continue
    sum += Number(/^syscw: (\d+)/m.exec(read(`/proc/${pid}/task/${thread}/io`))?.[1] ?? 0)
  }
  return sum
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // the process has gone meanwhile
  }
}

function listed(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** Linux tells user space of processor time in these, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100
