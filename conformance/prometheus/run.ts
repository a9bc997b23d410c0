import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createBroker } from '../../src/index.ts'
import { setScene } from '../http/scene.ts'
import { type Families, familiesIn, missingFrom } from './families.ts'
import { KNOWN_DIFFERENCES } from './known.ts'

/**
 * Scrapes a Leveret with the same things declared and the same clients as a live RabbitMQ 4.3.6 had, and compares names,
 * types and labels of its metrics; then looks for what the public Grafana dashboards of RabbitMQ ask for.
 *
 *     npm run conformance:prometheus
 */
interface Capture {
  readonly name: string
  readonly path: string
  readonly metrics: Readonly<
    Record<string, { readonly type: string; readonly labels: readonly string[] }>
  >
}

interface Dashboard {
  readonly name: string
  readonly metrics: readonly string[]
}

const failures: string[] = []
const usedReasons = new Set<object>()
let passed = 0

const broker = await createBroker({
  amqp: { host: '127.0.0.1' },
  management: { host: '127.0.0.1' },
  prometheus: { host: '127.0.0.1' },
})
try {
  await setScene(broker)
  const captures: readonly Capture[] = JSON.parse(readText('captures.json'))
  for (const capture of captures) {
    const ours = familiesIn(await scraped(capture.path))
    const theirs: Families = new Map(Object.entries(capture.metrics))
    for (const [metric, problem] of missingFrom(ours, theirs))
      note(`${capture.name} ${metric}`, problem)
  }
  const aggregated = familiesIn(await scraped('/metrics'))
  const perObject = familiesIn(await scraped('/metrics/per-object'))
  const dashboards: readonly Dashboard[] = JSON.parse(readText('dashboards.json'))
  for (const { name, metrics } of dashboards) {
    for (const metric of metrics) {
      const family = metric.replace(/_(bucket|count|sum)$/, '')
      const isThere = [aggregated, perObject].some((all) => all.has(metric) || all.has(family))
      note(`dashboard ${name} ${metric}`, isThere ? null : 'is missing')
    }
  }
} finally {
  await broker.close()
}

for (const known of KNOWN_DIFFERENCES) {
  if (usedReasons.has(known)) continue
  failures.push(`a reason that applies to nothing: ${known.in} ${known.says}: ${known.reason}`)
}
for (const failure of failures) process.stdout.write(`${failure}\n`)
process.stdout.write(`${passed} passed, ${failures.length} failed\n`)
process.exit(failures.length === 0 ? 0 : 1)

function readText(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
}

async function scraped(path: string): Promise<string> {
  const { host, port } = broker.prometheus ?? { host: '', port: 0 }
  const response = await fetch(`http://${host}:${port}${path}`)
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  return response.text()
}

function note(where: string, problem: string | null): void {
  const known = KNOWN_DIFFERENCES.find(
    (one) => problem !== null && one.in.test(where) && one.says.test(problem),
  )
  if (known !== undefined) usedReasons.add(known)
  if (problem === null || known !== undefined) passed++
  else failures.push(`${where}: ${problem}`)
}
