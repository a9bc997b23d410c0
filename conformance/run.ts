import { writeFile } from 'node:fs/promises'
import { loadAreas } from './support/areas.ts'
import type { Area } from './support/case.ts'
import { junit } from './support/junit.ts'
import { HELP, type Options, readOptions } from './support/options.ts'
import { count, json, report } from './support/report.ts'
import { type Result, runAreas } from './support/runner.ts'
import { Target } from './support/target.ts'

main().then(
  // Sockets of a broker that never answers must not keep the process alive.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)

/** Runs what the command line asks for and gives the exit code. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const areas = select(await loadAreas(), options)
  if (options.list) {
    for (const area of areas) {
      for (const item of area.cases) print(`${area.name}: ${item.name} [${item.source}]`)
    }
    print(`${areas.reduce((sum, area) => sum + area.cases.length, 0)} cases`)
    return 0
  }
  const target =
    options.url === null ? await Target.leveret(options.dataDir) : await Target.at(options.url)
  try {
    return await run(areas, target, options)
  } finally {
    await target.close()
  }
}

async function run(areas: Area[], target: Target, options: Options): Promise<number> {
  const results = await runAreas(areas, target, showProgress)
  if (options.junit !== null) await writeFile(options.junit, junit(results))
  if (options.json !== null) await writeFile(options.json, json(results, target.broker))
  print(report(results, target.broker))
  return results.length > 0 && count(results, 'failed') === 0 ? 0 : 1
}

function select(areas: Area[], { area, filter }: Options): Area[] {
  return areas
    .filter(({ name }) => area === null || name.includes(area))
    .map(({ name, cases }) => ({
      name,
      cases: cases.filter((item) => filter === null || item.name.includes(filter)),
    }))
    .filter(({ cases }) => cases.length > 0)
}

function showProgress(result: Result): void {
  if (result.verdict === 'failed') process.stderr.write(`failed ${result.area}: ${result.name}\n`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
