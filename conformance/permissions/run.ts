import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Area } from '../support/case.ts'
import { count, report } from '../support/report.ts'
import { type Result, runAreas } from '../support/runner.ts'
import { Target } from '../support/target.ts'
import { amqpAreas } from './amqp/areas.ts'
import { httpAreas, missingRoutes } from './http/areas.ts'
import { Crowd } from './http/crowd.ts'
import { Scene } from './http/scene.ts'
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
    const scene = await Scene.set(place.api, vhost, target)
    const crowd = await Crowd.gather(scene, place.api, target)
    try {
      return await runOn(target, scene, place, { area, filter })
    } finally {
      await crowd.leave()
      await scene.clear()
    }
  } finally {
    await place.api.deleteVhost(vhost)
  }
}

async function runOn(
  target: Target,
  scene: Scene,
  place: Place,
  { area, filter }: { area: string; filter: string },
): Promise<number> {
  const { version } = target.broker
  const kind = place.isLeveret
    ? 'leveret'
    : version.startsWith('3.10.')
      ? 'rabbitmq 3.10'
      : 'rabbitmq'
  const areas = [...amqpAreas(place.api), ...httpAreas(scene, kind)]
  const results = await runAreas(chosen(areas, area, filter), target, showFailure)
  const missing = missingRoutes(kind)
  if (missing.length > 0) {
    const routes = missing.join('\n  ')
    process.stdout.write(
      `${missing.length} routes not tried, ${version} lacks them:\n  ${routes}\n\n`,
    )
  }
  process.stdout.write(`${report(results, target.broker)}\n`)
  return results.length > 0 && count(results, 'failed') === 0 ? 0 : 1
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
