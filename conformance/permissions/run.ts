import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Area } from '../support/case.ts'
import { count, report } from '../support/report.ts'
import { type Result, runAreas } from '../support/runner.ts'
import { Target } from '../support/target.ts'
import { amqpAreas } from './amqp/areas.ts'
import { type Place, placeFor } from './place.ts'

/**
 * Tries every AMQP method and every HTTP route without the right to it, and with exactly the right.
 *
 *     npm run conformance:permissions                                # a Leveret in this process
 *     npm run conformance:permissions -- --rabbitmq                  # Debian's rabbitmq-server
 *     npm run conformance:permissions -- --url amqp://… --api http://…
 *
 * `--area TEXT` and `--filter TEXT` choose areas and cases by their names.
 */
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(2)
  },
)

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rabbitmq: { type: 'boolean' },
      url: { type: 'string' },
      api: { type: 'string' },
      area: { type: 'string' },
      filter: { type: 'string' },
    },
  })
  const place = await placeFor(values)
  try {
    return await run(place, values.area ?? '', values.filter ?? '')
  } finally {
    await place.stop()
  }
}

/** In a vhost that nobody else uses. */
async function run(place: Place, area: string, filter: string): Promise<number> {
  const vhost = `permissions-${randomBytes(4).toString('hex')}`
  await place.api.addVhost(vhost)
  try {
    const url = new URL(place.url)
    url.pathname = `/${vhost}`
    const target = await Target.at(url.href)
    const areas = chosen(amqpAreas(place.api), area, filter)
    const results = await runAreas(areas, target, showFailure)
    process.stdout.write(`${report(results, target.broker)}\n`)
    return results.length > 0 && count(results, 'failed') === 0 ? 0 : 1
  } finally {
    await place.api.deleteVhost(vhost)
  }
}

function chosen(areas: readonly Area[], area: string, filter: string): Area[] {
  return areas
    .filter(({ name }) => name.includes(area))
    .map(({ name, cases }) => ({ name, cases: cases.filter((one) => one.name.includes(filter)) }))
    .filter(({ cases }) => cases.length > 0)
}

function showFailure(result: Result): void {
  if (result.verdict === 'failed') process.stderr.write(`failed ${result.area}: ${result.name}\n`)
}
