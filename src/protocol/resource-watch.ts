import type { Deadline, Deadlines } from '../common/deadlines.ts'
import type { Logger } from '../common/log.ts'
import { DEFAULT_DISK_FREE_BYTES, DEFAULT_MEMORY_SHARE } from '../common/resource-defaults.ts'
import type { Alarm, Alarms } from './alarms.ts'

/** How much of what a broker needs there is. */
export interface Resources {
  /** Bytes that the process has in memory. */
  memoryUsed(): number
  /** Bytes that it may have. */
  memoryThere(): number
  /** Bytes free where the data directory lies; infinite without one. */
  diskFree(): number
}

/** In bytes; null for no limit. */
export interface ResourceLimits {
  /** Most bytes of memory. */
  readonly memory: number | null
  /** Least bytes free on the disk. */
  readonly diskFree: number | null
}

/** Bytes, a part of the memory that the process may have, or null for no limit. */
export type ResourceSetting = number | { readonly ofMemory: number } | null

export interface ResourceSettings {
  readonly memory: ResourceSetting
  readonly diskFree: ResourceSetting
}

/**
 * Raises the alarms of memory and disk when their limits are passed, and clears them again (RabbitMQ documentation, alarms). An
 * alarm that somebody else has raised stays. Nothing is looked at where there are no limits.
 */
export class ResourceWatch {
  /** As they were set. */
  settings: ResourceSettings = { memory: null, diskFree: null }
  /** What that comes to. */
  limits: ResourceLimits = { memory: null, diskFree: null }
  private readonly resources: Resources
  private readonly alarms: Alarms
  private readonly deadlines: Deadlines
  private readonly log: Logger
  private readonly nodeName: string
  private readonly raised = new Set<Alarm>()
  private next: Deadline | null = null

  constructor({ resources, alarms, deadlines, log, nodeName }: ResourceWatchHost) {
    this.resources = resources
    this.alarms = alarms
    this.deadlines = deadlines
    this.log = log
    this.nodeName = nodeName
  }

  /** What is not named stays as it is. Takes effect at once. */
  setLimits(settings: Partial<ResourceSettings>): void {
    this.settings = { ...this.settings, ...settings }
    const { memory, diskFree } = this.settings
    this.limits = { memory: this.bytesOf(memory), diskFree: this.bytesOf(diskFree) }
    this.look()
  }

  /** Where there is no limit of memory, RabbitMQ's default: six tenths of what there is. */
  get shownMemory(): { readonly setting: number | { readonly ofMemory: number }; bytes: number } {
    const setting = this.settings.memory ?? { ofMemory: DEFAULT_MEMORY_SHARE }
    return { setting, bytes: this.bytesOf(setting) ?? 0 }
  }

  /** Where there is no limit of the disk, RabbitMQ's default, in bytes. */
  get shownDiskFree(): number {
    return this.limits.diskFree ?? DEFAULT_DISK_FREE_BYTES
  }

  private bytesOf(setting: ResourceSetting): number | null {
    if (setting === null || typeof setting === 'number') return setting
    return Math.floor(setting.ofMemory * this.resources.memoryThere())
  }

  private look(): void {
    const { memory, diskFree } = this.limits
    this.next?.cancel()
    this.put('memory', memory !== null && this.resources.memoryUsed() > memory)
    this.put('disk', diskFree !== null && this.resources.diskFree() < diskFree)
    if (memory === null && diskFree === null) return
    this.next = this.deadlines.after(INTERVAL_MS, () => this.look())
  }

  private put(alarm: Alarm, isShort: boolean): void {
    if (isShort === this.raised.has(alarm)) return
    if (isShort) {
      this.raised.add(alarm)
      this.log.warn(`${alarm} resource limit alarm set on node ${this.nodeName}.\n${BLOCKED}`)
      this.alarms.raise(alarm, 'limit')
    } else {
      this.raised.delete(alarm)
      this.alarms.clear(alarm, 'limit')
      this.log.warn(`${alarm} resource limit alarm cleared on node ${this.nodeName}`)
      if (this.alarms.raised.has(alarm)) return
      this.log.warn(`${alarm} resource limit alarm cleared across the cluster`)
    }
  }
}

export interface ResourceWatchHost {
  readonly resources: Resources
  readonly alarms: Alarms
  readonly deadlines: Deadlines
  readonly log: Logger
  readonly nodeName: string
}

/** In RabbitMQ's words, which people look for. */
const BLOCKED = `
${'*'.repeat(58)}
*** Publishers will be blocked until this alarm clears ***
${'*'.repeat(58)}
`

/** As often as RabbitMQ. */
const INTERVAL_MS = 2500
