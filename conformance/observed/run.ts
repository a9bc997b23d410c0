import { parseArgs } from 'node:util'
import { Target } from '../support/target.ts'
import { loadCases, type ObservedCase } from './observed-case.ts'
import { count, report } from './report.ts'
import { runCases } from './runner.ts'

const HELP = `Makes the observations of RabbitMQ 4.3.6 again, on Leveret or another broker.

  npm run conformance:observed -- [options]

  --url URL      the broker, as amqp://user:password@host:port/vhost, whose vhost has to be empty;
                 left out: a Leveret started in this process for every observation
  --only PART    errors or x-death
  --filter TEXT  only observations whose name, request or family contains TEXT
  --list         print the observations, run nothing
  --help         print this
`

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
  const url = options.url ?? null
  const broker =
    url === null ? { product: 'RabbitMQ', version: '4.3.6' } : (await Target.at(url)).broker
  const cases = (await loadCases(broker)).filter((item) => isSelected(item, options))
  if (options.list) {
    for (const item of cases)
      print(`${item.family}: ${item.name}\n    ${item.expected.split('\n')[0]}`)
    print(`${cases.length} observations`)
    return 0
  }
  const results = await runCases(cases, { url }, ({ item, verdict }) => {
    if (verdict === 'failed') process.stderr.write(`failed ${item.family}: ${item.name}\n`)
  })
  print(report(results))
  return results.length > 0 && count(results, 'failed') === 0 ? 0 : 1
}

type Options = ReturnType<typeof readOptions>

/** @throws TypeError for an option that does not exist. */
function readOptions(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      only: { type: 'string' },
      filter: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values
}

function isSelected(item: ObservedCase, { only, filter }: Options): boolean {
  if (only !== undefined && item.part !== only) return false
  const texts = [item.name, item.request, item.family]
  return filter === undefined || texts.some((text) => text.includes(filter))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
