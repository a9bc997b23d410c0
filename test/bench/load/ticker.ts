import { Worker } from 'node:worker_threads'

/** Calls back at an even rate, more evenly than timers do, which know only whole milliseconds. */
export class Ticker {
  private readonly worker: Worker

  /** `rate` is in calls a second. */
  constructor(rate: number, onTick: () => void) {
    this.worker = new Worker(new URL('ticker-thread.mjs', import.meta.url), { workerData: rate })
    this.worker.on('message', onTick)
  }

  async stop(): Promise<void> {
    await this.worker.terminate()
  }
}
