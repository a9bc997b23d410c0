import { setTimeout as pass } from 'node:timers/promises'
import { processTree, type Usage, usageOf } from '../process-usage.ts'
import type { Measures } from './job.ts'

/** Reads what a broker and this process use, before and after a load. */
export class Gauge {
  private readonly pid: number | null
  private before: Usage | null = null
  private loadBefore = process.cpuUsage()

  /** Null for a broker of which nothing can be read. */
  constructor(pid: number | null) {
    this.pid = pid
  }

  begin(): void {
    this.before = this.usage()
    this.loadBefore = process.cpuUsage()
  }

  /** Processor time since `begin`, for each of so many operations, and memory then and now. */
  end(operations: number): Measures {
    const { user, system } = process.cpuUsage(this.loadBefore)
    const load = { loadCpuUs: (user + system) / operations }
    const after = this.usage()
    if (this.before === null || after === null) return load
    return {
      ...load,
      cpuUs: ((after.cpuSeconds - this.before.cpuSeconds) * 1e6) / operations,
      rssBeforeBytes: this.before.rss,
      rssAtEndBytes: after.rss,
    }
  }

  /** Memory once the broker has had time to notice that its clients are gone. */
  async afterLoad(): Promise<Measures> {
    if (this.pid === null) return {}
    await pass(SETTLE_MS)
    const after = this.usage()
    return after === null ? {} : { rssAfterBytes: after.rss }
  }

  private usage(): Usage | null {
    if (this.pid === null) return null
    const usage = usageOf(processTree(this.pid))
    return usage.rss === 0 ? null : usage
  }
}

const SETTLE_MS = 500
