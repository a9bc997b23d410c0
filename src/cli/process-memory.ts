/** What is known of the memory of this process, and what can be done about it. */
export interface MemoryControls {
  /** CPU time used so far, in milliseconds, of all threads. */
  cpuMs(): number
  /** Bytes of what has survived in V8's heap, garbage of the old generation included. */
  oldHeapSize(): number
  /** V8 collects all garbage once the old generation has grown by this part of itself since the last time; 0: V8 decides. */
  setHeapGrowth(percent: number): void
  /** Gives back to the system what has been freed and is still kept for reuse. */
  returnFreed(): Promise<void>
}

/**
 * Keeps the memory of a server's process in proportion to its work: more room for garbage than V8 gives a small heap, and back
 * to the system with what is free when the work is done. `look` is to be called every `LOOK_INTERVAL_MS`.
 *
 * V8 counts the blocks that sockets read into, 64 KiB each, as growth of the old generation, and without a say of ours begins a
 * full collection of a small heap every 8 MiB: 20 a second under load (scenarios a64k, a1k and b of `npm run bench`).
 */
export class ProcessMemory {
  private readonly controls: MemoryControls
  private usedCpuMs: number
  private growth = 0
  private idleLooks = Number.POSITIVE_INFINITY // since there was work

  constructor(controls: MemoryControls) {
    this.controls = controls
    this.usedCpuMs = controls.cpuMs()
    this.allowGarbage()
  }

  async look(): Promise<void> {
    this.allowGarbage()
    const cpuMs = this.controls.cpuMs()
    const isBusy = cpuMs - this.usedCpuMs > BUSY_SHARE * LOOK_INTERVAL_MS
    this.usedCpuMs = cpuMs
    this.idleLooks = isBusy ? 0 : this.idleLooks + 1
    const isTime = this.idleLooks >= FIRST_IDLE_LOOK && this.idleLooks <= LAST_IDLE_LOOK
    if (isTime) await this.controls.returnFreed()
  }

  private allowGarbage(): void {
    const wanted = (100 * GARBAGE_SIZE) / this.controls.oldHeapSize()
    const growth = wanted < LEAST_GROWTH ? 0 : Math.floor(Math.min(wanted, MOST_GROWTH))
    if (growth === this.growth) return
    this.growth = growth
    this.controls.setHeapGrowth(growth)
  }
}

/** Looks after the memory of this process from now on, without keeping it alive. */
export function lookAfterMemory(controls: MemoryControls): void {
  const memory = new ProcessMemory(controls)
  setInterval(() => memory.look(), LOOK_INTERVAL_MS).unref()
}

/** In milliseconds. */
export const LOOK_INTERVAL_MS = 1000

/** Of one core; a broker that uses less has time to tidy up, which takes a few milliseconds. */
const BUSY_SHARE = 0.2

/** A shorter pause is part of the work. */
const FIRST_IDLE_LOOK = 5

/** Long enough for V8, which collects what is left of the work some ten seconds after its end. */
const LAST_IDLE_LOOK = 30

/** About as much as V8's young generation may hold in blocks outside its heap before it is collected, twice; in bytes. */
const GARBAGE_SIZE = 67_108_864

/** In per cent. V8 knows better what a large heap needs. */
const LEAST_GROWTH = 50
const MOST_GROWTH = 800
