/** A process of the load: takes one job from its parent, does it, and tells what it measured or why it failed. */
import { runDrain, runFill } from './backlog-load.ts'
import { runConnections } from './connections-load.ts'
import { runIdle } from './idle-load.ts'
import type { Job, Measures } from './job.ts'
import { runTraffic } from './traffic-load.ts'

function run(job: Job): Promise<Measures> {
  switch (job.kind) {
    case 'traffic':
      return runTraffic(job)
    case 'connections':
      return runConnections(job)
    case 'idle':
      return runIdle(job)
    case 'fill':
      return runFill(job)
    case 'drain':
      return runDrain(job)
  }
}

function answer(outcome: object): void {
  process.send?.(outcome, () => process.exit())
}

function fail(error: unknown): void {
  answer({ error: error instanceof Error ? error.message : String(error) })
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('disconnect', () => process.exit())
process.once('message', (job: Job) => {
  run(job).then((measures) => answer({ measures }), fail)
})
