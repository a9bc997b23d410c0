import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { atExit } from './at-exit.ts'
import type { Job, Measures } from './load/job.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Makes the load plain JavaScript, so that no compiler takes part; returns its program. */
export async function buildLoad(): Promise<string> {
  const directory = temporaryDirectory(tmpdir(), 'leveret-load')
  await build({
    entryPoints: ['main.ts', 'ticker-thread.ts'].map((name) =>
      fileURLToPath(new URL(`load/${name}`, import.meta.url)),
    ),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  })
  return join(directory, 'main.mjs')
}

/** Does a job in a process of its own. Rejects with the reason when that failed or took too long. */
export async function runJob(program: string, job: Job): Promise<Measures> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'], execArgv: [] })
  atExit(() => child.kill('SIGKILL'))
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-1000)
  })
  const limitMs = job.seconds * 1000 + MARGIN_MS
  const timer = setTimeout(() => {
    complaint = `it was not done after ${Math.round(limitMs / 1000)} s`
    child.kill('SIGKILL')
  }, limitMs)
  const closed = once(child, 'close')
  let outcome: Outcome | null = null
  child.on('message', (message: Outcome) => {
    outcome = message
  })
  child.send(job)
  await closed
  clearTimeout(timer)
  return measuresOf(outcome ?? { error: complaint || 'the load ended without a result' })
}

type Outcome = { readonly measures: Measures } | { readonly error: string }

function measuresOf(outcome: Outcome): Measures {
  if ('error' in outcome) throw new Error(outcome.error)
  return outcome.measures
}

/** For what comes before and after the load itself: declaring, draining, closing. */
const MARGIN_MS = 30_000
