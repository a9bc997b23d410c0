import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CLIENTS, type Client } from './client-table.ts'
import { killAllGroups, type Outcome, runInGroup } from './process-group.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

const ROOT = join(import.meta.dirname, '../..')
const CELL_TIMEOUT_MS = 30_000
const BUILD_TIMEOUT_MS = 300_000
const DETECT_TIMEOUT_MS = 30_000

interface Settings {
  readonly url: string | undefined
  readonly clients: readonly Client[]
  readonly required: readonly Client[]
  readonly scenarios: readonly Scenario[]
}

type Cell =
  | { readonly mark: 'ok' }
  | { readonly mark: 'FAIL'; readonly reason: string }
  | { readonly mark: '-'; readonly reason: string }

interface Row {
  readonly label: string
  readonly cells: ReadonlyMap<Scenario, Cell>
  /** What concerns the client as a whole, such as not being installed. */
  readonly note?: string
  readonly isMissingAlthoughRequired: boolean
}

/** The command line asks for something that does not exist. */
class UsageError extends Error {}

try {
  process.exitCode = await main(readSettings())
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

/** Plays the matrix and prints it; gives the exit code: 0 if nothing failed. */
async function main(settings: Settings): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'amqp-clients-'))
  cleanUpWhenInterrupted(directory)
  const broker = await openBroker(settings.url)
  const rows: Row[] = []
  try {
    const { scenarios } = settings
    console.log(line('', scenarios, (name) => name))
    for (const client of settings.clients) {
      const row = await playClient(client, settings, broker.url, directory)
      console.log(line(row.label, scenarios, (name) => row.cells.get(name)?.mark ?? '-'))
      rows.push(row)
    }
  } finally {
    await broker.close()
    await rm(directory, { recursive: true })
  }
  return report(rows)
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      client: { type: 'string' },
      scenario: { type: 'string' },
      require: { type: 'string' },
    },
  })
  const required = values.require === undefined ? [] : pickClients(values.require)
  const clients = values.client === undefined ? CLIENTS : pickClients(values.client)
  return {
    url: values.url,
    clients: CLIENTS.filter((client) => clients.includes(client) || required.includes(client)),
    required,
    scenarios: values.scenario === undefined ? SCENARIOS : pickScenarios(values.scenario),
  }
}

function pickClients(list: string): readonly Client[] {
  return list.split(',').map((name) => {
    const client = CLIENTS.find((known) => known.name === name)
    if (client === undefined) throw new UsageError(`unknown client ${name}`)
    return client
  })
}

function pickScenarios(list: string): readonly Scenario[] {
  return list.split(',').map((name) => {
    const scenario = SCENARIOS.find((known) => known === name)
    if (scenario === undefined) throw new UsageError(`unknown scenario ${name}`)
    return scenario
  })
}

async function openBroker(url: string | undefined) {
  if (url !== undefined) return { url: url.replace(/\/$/, ''), close: async () => {} }
  const { createBroker } = await import('../../src/index.ts')
  return createBroker({ amqp: { port: 0, host: '127.0.0.1' } })
}

async function playClient(
  client: Client,
  settings: Settings,
  url: string,
  directory: string,
): Promise<Row> {
  const version = await detect(client)
  if (version === undefined) {
    return {
      label: client.name,
      cells: new Map(),
      note: `not installed: ${client.install}`,
      isMissingAlthoughRequired: settings.required.includes(client),
    }
  }
  const buildFailure = await build(client, directory)
  const cells = new Map<Scenario, Cell>()
  for (const scenario of settings.scenarios) {
    const obstacle = client.cannot?.[scenario]
    if (obstacle !== undefined) cells.set(scenario, { mark: '-', reason: obstacle })
    else if (buildFailure !== undefined) {
      cells.set(scenario, { mark: 'FAIL', reason: `build: ${buildFailure}` })
    } else cells.set(scenario, await play(client, scenario, url, directory))
  }
  return { label: `${client.name} ${version}`.trim(), cells, isMissingAlthoughRequired: false }
}

/** Gives the client's version, or undefined if the client is not installed. */
async function detect(client: Client): Promise<string | undefined> {
  try {
    const found = await runInGroup(client.detect, { cwd: ROOT, timeoutMs: DETECT_TIMEOUT_MS })
    return found.exitCode === 0 ? found.stdout.trim() : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function build(client: Client, directory: string): Promise<string | undefined> {
  if (client.build === undefined) return undefined
  const { command, env } = client.build(directory)
  const built = await runInGroup(command, {
    cwd: ROOT,
    timeoutMs: BUILD_TIMEOUT_MS,
    env: { ...process.env, ...env },
  })
  return built.exitCode === 0 ? undefined : reasonOf(built, BUILD_TIMEOUT_MS)
}

async function play(
  client: Client,
  scenario: Scenario,
  url: string,
  directory: string,
): Promise<Cell> {
  const unique = `conformance.${client.name}.${scenario}.${randomUUID().slice(0, 8)}`
  const outcome = await runInGroup([...client.program(directory), scenario, url, unique], {
    cwd: ROOT,
    timeoutMs: CELL_TIMEOUT_MS,
    // A program that is killed cannot remove its temporary files; they go with the directory.
    env: { ...process.env, TMPDIR: directory },
  })
  if (outcome.exitCode === 0 && !outcome.timedOut) return { mark: 'ok' }
  return { mark: 'FAIL', reason: reasonOf(outcome, CELL_TIMEOUT_MS) }
}

function reasonOf(outcome: Outcome, timeoutMs: number): string {
  const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').at(-1)
  const ending = outcome.timedOut
    ? `not finished after ${timeoutMs / 1000} s`
    : `exit code ${outcome.exitCode}`
  if (!said) return ending
  return outcome.timedOut ? `${ending}, last output: ${said}` : said
}

function report(rows: readonly Row[]): number {
  let passed = 0
  let failed = 0
  console.log()
  for (const row of rows) {
    if (row.note !== undefined) console.log(`${row.label}: ${row.note}`)
    if (row.isMissingAlthoughRequired) {
      failed++
      console.log(`FAIL ${row.label}: required, but not installed`)
    }
    for (const [scenario, cell] of row.cells) {
      if (cell.mark === 'ok') passed++
      else console.log(`${cell.mark} ${row.label}, ${scenario}: ${cell.reason}`)
      if (cell.mark === 'FAIL') failed++
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function line(
  label: string,
  scenarios: readonly Scenario[],
  text: (scenario: Scenario) => string,
): string {
  const columns = scenarios.map((scenario) => text(scenario).padEnd(scenario.length + 2))
  return `${label.padEnd(32)}${columns.join('')}`.trimEnd()
}

function cleanUpWhenInterrupted(directory: string): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      killAllGroups()
      rmSync(directory, { recursive: true })
      process.exit(130)
    })
  }
}
