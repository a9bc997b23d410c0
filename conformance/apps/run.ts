import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killAllGroups, type Outcome, runInGroup } from '../clients/process-group.ts'
import { Target } from '../support/target.ts'
import { APPLICATIONS, type Application, type Command, type Run } from './applications.ts'
import { killAllWorkers, Worker } from './worker.ts'

const SCENARIO_TIMEOUT_MS = 60_000
const DETECT_TIMEOUT_MS = 30_000
const WORKER_END_TIMEOUT_MS = 20_000
const NAME_WIDTH = 32
const SCENARIO_WIDTH = 20

process.exitCode = await main()

/** Runs the applications against a broker and prints what works; gives the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      app: { type: 'string' },
      scenario: { type: 'string' },
      'allow-missing': { type: 'boolean' },
    },
  })
  const directory = await mkdtemp(join(tmpdir(), 'amqp-apps-'))
  cleanUpWhenInterrupted(directory)
  const broker = await openBroker(values.url)
  const tally = { passed: 0, failed: 0 }
  try {
    for (const application of APPLICATIONS) {
      if (!application.name.includes(values.app ?? '')) continue
      const version = await versionOf(application)
      if (version !== null) await play(application, version, broker.url, directory, values, tally)
      else {
        print(application.name, '-', `not installed: ${application.install}`)
        if (!values['allow-missing']) tally.failed++
      }
    }
  } finally {
    await broker.close()
    await rm(directory, { recursive: true, force: true })
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`)
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

async function openBroker(url: string | undefined) {
  if (url !== undefined) return { url, close: async () => {} }
  const { createBroker } = await import('../../src/index.ts')
  return createBroker({ amqp: { port: 0, host: '127.0.0.1' } })
}

async function versionOf({ detect }: Application): Promise<string | null> {
  const options = { cwd: tmpdir(), timeoutMs: DETECT_TIMEOUT_MS }
  const { exitCode, stdout } = await runInGroup(detect, options)
  return exitCode === 0 ? stdout.trim() : null
}

type Tally = { passed: number; failed: number }

/** Plays the scenarios of an application, its workers beside them. */
async function play(
  application: Application,
  version: string,
  url: string,
  parent: string,
  { scenario: wanted = '' }: { scenario?: string | undefined },
  tally: Tally,
): Promise<void> {
  const name = `conformance-${randomBytes(4).toString('hex')}`
  const run: Run = { url, name, directory: await mkdtemp(join(parent, 'run-')) }
  const commands = application.workers?.(run) ?? []
  const workers = await Promise.all(commands.map((command) => Worker.start(command)))
  const last = application.scenarios.at(-1)
  try {
    for (const scenario of application.scenarios) {
      const isNeeded = workers.length > 0 && (scenario === 'ready' || scenario === last)
      if (!isNeeded && !scenario.includes(wanted)) continue
      const startedAt = performance.now()
      const outcome = await runCommand(application.program(scenario, run))
      let failure = failureOf(outcome)
      if (failure === null && scenario === last) failure = await failureToEnd(workers)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      print(`${application.name} ${version}`, scenario, `${failure ?? 'ok'}  ${seconds} s`)
      if (failure === null) tally.passed++
      else tally.failed++
    }
    if (tally.failed > 0) for (const worker of workers) console.error(worker.lastOutput)
  } finally {
    for (const worker of workers) worker.kill()
    const left = application.leftovers.map((label) => label.replace('NAME', name))
    await (await Target.at(url)).remove(left)
  }
}

function runCommand({ command, cwd, env }: Command): Promise<Outcome> {
  const options = { cwd, timeoutMs: SCENARIO_TIMEOUT_MS, env: { ...process.env, ...env } }
  return runInGroup(command, options)
}

function failureOf({ exitCode, timedOut, stdout, stderr }: Outcome): string | null {
  if (exitCode === 0 && !timedOut) return null
  const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? ''
  return timedOut ? `FAIL not finished in time: ${said}` : `FAIL ${said}`
}

/** The last scenario told the workers to end: what is wrong if they do not. */
async function failureToEnd(workers: readonly Worker[]): Promise<string | null> {
  const ended = await Promise.all(workers.map((worker) => worker.hasEnded(WORKER_END_TIMEOUT_MS)))
  return ended.every((isEnded) => isEnded) ? null : 'FAIL a worker did not end as it should'
}

function print(application: string, scenario: string, result: string): void {
  console.log(`${application.padEnd(NAME_WIDTH)}${scenario.padEnd(SCENARIO_WIDTH)}${result}`)
}

function cleanUpWhenInterrupted(directory: string): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      killAllGroups()
      killAllWorkers()
      rmSync(directory, { recursive: true, force: true })
      process.exit(130)
    })
  }
}
