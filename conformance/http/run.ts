import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Broker, createBroker } from '../../src/index.ts'
import type { Capture } from './capture.ts'
import { compare } from './compare.ts'
import { type Answer, ask } from './exchange.ts'
import { KNOWN_DIFFERENCES } from './known.ts'
import { placeOf, type Scene, setScene } from './scene.ts'
import { inTurn, prepare } from './stages.ts'

/**
 * Sends every request that a live RabbitMQ 4.3.6 was sent to a Leveret with the same things declared and the same clients,
 * and compares the answers: status, headers, names and types of fields, and errors word by word.
 *
 *     npm run conformance:http -- [TEXT]     only captures whose name contains TEXT, with all that is different
 */
/** Clients by the ports that they had. */
const CLIENTS = new Map([
  ['49186', 'publisher-1'],
  ['38550', 'worker-1'],
  ['38520', 'tx-client'],
  ['57662', 'global-qos'],
  ['38510', 'getter'],
  ['38538', 'undefined'],
  ['36706', 'publisher-1'],
  ['43578', 'worker-1'],
  ['57672', 'reader'],
])

const [only = ''] = process.argv.slice(2)
const failures: string[] = []
const usedReasons = new Set<object>()
let passed = 0
let excused = 0

await onBroker(async (broker) => {
  for (const capture of captures('fresh')) await check(broker, null, capture)
})
await onBroker(async (broker) => {
  const scene = await setScene(broker)
  for (const group of ['get', 'page', 'access', 'health', 'errors', 'write']) {
    for (const capture of inTurn(captures(group))) {
      await prepare(broker, capture)
      await check(broker, scene, capture)
    }
  }
})

const stale = only === '' ? KNOWN_DIFFERENCES.filter((known) => !usedReasons.has(known)) : []
for (const { in: name, says, reason } of stale) {
  failures.push(`a reason that applies to nothing: ${name} ${says}: ${reason}`)
}
for (const failure of failures) process.stdout.write(`${failure}\n`)
process.stdout.write(`${excused} with differences that have a reason\n`)
process.stdout.write(`${passed} passed, ${failures.length} failed\n`)
process.exit(failures.length === 0 ? 0 : 1)

function captures(group: string): readonly Capture[] {
  const path = fileURLToPath(new URL(`captures/${group}.json`, import.meta.url))
  const all: readonly Capture[] = JSON.parse(readFileSync(path, 'utf8'))
  return all
}

async function onBroker(work: (broker: Broker) => Promise<void>): Promise<void> {
  const broker = await createBroker({
    amqp: { host: '127.0.0.1' },
    management: { host: '127.0.0.1' },
  })
  try {
    await work(broker)
  } finally {
    await broker.close()
  }
}

async function check(broker: Broker, scene: Scene | null, capture: Capture): Promise<void> {
  const answer = await ask(placeOf(broker), placed(capture, broker, scene))
  let isExcused = false
  const found = compare(capture, named(answer, broker)).filter((difference) => {
    const known = KNOWN_DIFFERENCES.find(
      (one) => one.in.test(capture.name) && one.says.test(difference),
    )
    if (known !== undefined) {
      usedReasons.add(known)
      isExcused = true
    }
    return known === undefined
  })
  if (!capture.name.includes(only)) return
  if (isExcused) excused++
  if (found.length === 0) passed++
  else
    failures.push(`${capture.name} ${capture.method} ${capture.path}\n    ${found.join('\n    ')}`)
}

/** The request with the names and ports of this broker. */
function placed(capture: Capture, broker: Broker, scene: Scene | null): Capture {
  const path = capture.path
    .replaceAll('rabbit@host', nodeNameOf(broker))
    .replace(/127\.0\.0\.1%3A(\d+)%20-%3E%20127\.0\.0\.1%3A567\d/, (whole, port: string) => {
      const client = CLIENTS.get(port)
      const name = client === undefined ? undefined : scene?.nameOf(client)
      return name === undefined || name === '' ? whole : encodeURIComponent(name)
    })
    .replace('/port-listener/5672', `/port-listener/${broker.amqp.port}`)
    .replace('&name=5872&', `&name=${broker.amqp.port}&`)
  return { ...capture, path }
}

/** The answer with the names that the captures have. */
function named(answer: Answer, broker: Broker): Answer {
  const text = answer.body.toString('latin1').replaceAll(nodeNameOf(broker), 'rabbit@host')
  const body =
    answer.headers['content-encoding'] === undefined ? Buffer.from(text, 'latin1') : answer.body
  return { ...answer, body }
}

function nodeNameOf(broker: Broker): string {
  return broker.nodeName
}
