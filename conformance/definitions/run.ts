import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts'
import {
  isRabbitMqInstalled,
  type RabbitMqNode,
  type RabbitMqWish,
  startRabbitMq,
} from '../support/rabbitmq-node.ts'
import { treeDifferences } from '../support/tree.ts'
import { Api, named } from './api.ts'
import { KNOWN_DIFFERENCES } from './known.ts'
import { failedLogins } from './logins.ts'
import { declareTopology, VHOSTS } from './topology.ts'

/**
 * Definitions from Debian's RabbitMQ to Leveret and from Leveret to RabbitMQ, by every way that there is: what one exports,
 * the other exports after importing it, and users log in with the passwords that they had.
 *
 *     npm run conformance:definitions
 */
const failures: string[] = []
const usedReasons = new Set<object>()
let excused = 0

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)

async function main(): Promise<number> {
  if (!isRabbitMqInstalled()) {
    throw new Error('rabbitmq-server is not installed (apt-get install rabbitmq-server)')
  }
  const directory = mkdtempSync(join(tmpdir(), 'conformance-definitions-'))
  try {
    await fromRabbitMq(directory)
    await fromLeveret(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  for (const known of KNOWN_DIFFERENCES) {
    if (usedReasons.has(known)) continue
    failures.push(`a reason that applies to nothing: ${known.in} ${known.says}: ${known.reason}`)
  }
  for (const failure of failures) process.stdout.write(`${failure}\n`)
  process.stdout.write(`${excused} differences with a reason, ${failures.length} failures\n`)
  return failures.length === 0 ? 0 : 1
}

async function fromRabbitMq(directory: string): Promise<void> {
  const exported = await onRabbitMq({}, async (api, node) => {
    await declareTopology(api, true)
    await check('logins to RabbitMQ', () => failedLogins(node.url, api))
    const byControl = await controlExportOf(node, directory)
    const { whole, vhosts } = await exportsOf(api)
    await check('a stream is refused by name', () => refusalOfStreams(whole))
    return {
      byControl: withoutStreams(byControl),
      whole: withoutStreams(whole),
      vhosts: [...vhosts].map(([vhost, one]) => [vhost, withoutStreams(one)] as const),
    }
  })
  await onLeveret({}, async (api, broker) => {
    await api.post('/api/definitions', JSON.stringify(exported.whole))
    await compare('RabbitMQ to Leveret over HTTP', exported.whole, await exportOf(api))
    await check('logins to Leveret', () => failedLogins(broker.url, api))
    for (const [vhost, theirs] of exported.vhosts) {
      const name = `RabbitMQ to Leveret over HTTP, ${vhost} alone`
      await api.put(`/api/vhosts/${named(`${vhost} 2`)}`, {})
      await api.post(`/api/definitions/${named(`${vhost} 2`)}`, JSON.stringify(theirs))
      await compare(name, theirs, await exportOf(api, `${vhost} 2`))
    }
  })
  for (const [name, definitions] of [
    ['export_definitions', exported.byControl],
    ['the export over HTTP', exported.whole],
  ] as const) {
    const file = join(directory, 'load.json')
    writeFileSync(file, JSON.stringify(definitions))
    await onLeveret({ definitions: file }, async (api, broker) => {
      await compare(`RabbitMQ to Leveret, at start, ${name}`, definitions, await exportOf(api))
      await check(`logins to Leveret, at start, ${name}`, () => failedLogins(broker.url, api))
    })
  }
}

/** Leveret has no streams, and says so instead of making other queues of them. */
function refusalOfStreams(definitions: unknown): Promise<readonly string[]> {
  return onLeveret({}, async (api) => {
    try {
      await api.post('/api/definitions', JSON.stringify(definitions))
    } catch (error) {
      return /unsupported queue type 'stream'/.test(String(error)) ? [] : [String(error)]
    }
    return ['they were imported']
  })
}

function withoutStreams(definitions: unknown): unknown {
  const text = JSON.stringify(definitions, (name, value: unknown) =>
    name === 'queues' && Array.isArray(value)
      ? value.filter((queue) => !/"x-queue-type":"stream"/.test(JSON.stringify(queue)))
      : value,
  )
  return JSON.parse(text)
}

async function fromLeveret(directory: string): Promise<void> {
  const exported = await onLeveret({}, async (api, broker) => {
    await declareTopology(api, false)
    await check('logins to Leveret', () => failedLogins(broker.url, api))
    return exportsOf(api)
  })
  await onRabbitMq({}, async (api, node) => {
    await api.post('/api/definitions', JSON.stringify(exported.whole))
    await compare('Leveret to RabbitMQ over HTTP', exported.whole, await exportOf(api))
    const byControl = await controlExportOf(node, directory)
    await compare('Leveret to RabbitMQ over HTTP, export_definitions', exported.whole, byControl)
    await check('logins to RabbitMQ', () => failedLogins(node.url, api))
    for (const [vhost, ours] of exported.vhosts) {
      const name = `Leveret to RabbitMQ over HTTP, ${vhost} alone`
      await api.put(`/api/vhosts/${named(`${vhost} 2`)}`, {})
      await api.post(`/api/definitions/${named(`${vhost} 2`)}`, JSON.stringify(ours))
      await compare(name, ours, await exportOf(api, `${vhost} 2`))
    }
  })
  const file = join(directory, 'load.json')
  writeFileSync(file, JSON.stringify(exported.whole))
  await onRabbitMq({ config: [`load_definitions = ${file}`] }, async (api, node) => {
    await compare('Leveret to RabbitMQ, at start', exported.whole, await exportOf(api))
    await check('logins to RabbitMQ, at start', () => failedLogins(node.url, api))
  })
}

/** A node with nothing in it but what it is told to load. */
async function onRabbitMq<T>(
  wish: RabbitMqWish,
  work: (api: Api, node: RabbitMqNode) => Promise<T>,
): Promise<T> {
  const plugins = ['rabbitmq_federation']
  const node = await startRabbitMq({ hasManagement: true, plugins, ...wish })
  const stop = () => void node.stop().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    if (node.management === null) throw new Error('no HTTP API')
    return await work(new Api(node.management), node)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    await node.stop()
  }
}

async function onLeveret<T>(
  options: BrokerOptions,
  work: (api: Api, broker: Broker) => Promise<T>,
): Promise<T> {
  const loopback = { host: '127.0.0.1', port: 0 }
  const broker = await createBroker({ amqp: loopback, management: loopback, ...options })
  try {
    if (broker.management === null) throw new Error('no HTTP API')
    return await work(new Api(broker.management), broker)
  } finally {
    await broker.close()
  }
}

async function exportsOf(api: Api) {
  const vhosts = new Map<string, unknown>()
  for (const vhost of VHOSTS) vhosts.set(vhost, await exportOf(api, vhost))
  return { whole: await exportOf(api), vhosts }
}

async function controlExportOf(node: RabbitMqNode, directory: string): Promise<unknown> {
  const file = join(directory, 'rabbitmqctl.json')
  await node.control('export_definitions', file)
  return JSON.parse(readFileSync(file, 'utf8'))
}

function exportOf(api: Api, vhost?: string): Promise<unknown> {
  return api.get(vhost === undefined ? '/api/definitions' : `/api/definitions/${named(vhost)}`)
}

async function compare(name: string, exported: unknown, again: unknown): Promise<void> {
  const found = treeDifferences(comparable(exported), comparable(again))
  const open = found.filter((difference) => {
    const known = KNOWN_DIFFERENCES.find(
      ({ in: way, says }) => way.test(name) && says.test(difference),
    )
    if (known !== undefined) usedReasons.add(known)
    return known === undefined
  })
  excused += found.length - open.length
  await check(name, async () => open)
}

/**
 * RabbitMQ 3.10's rabbitmqctl writes some objects as lists of pairs, and its exports of one vhost name the vhost in
 * policies and parameters, which RabbitMQ 4 does not.
 */
function comparable(definitions: unknown): unknown {
  const isOfOneVhost = !/"users":/.test(JSON.stringify(definitions))
  const text = JSON.stringify(definitions, (name, value: unknown) => {
    if (isOfOneVhost && name === 'vhost') return undefined
    const isPairs = (name === 'definition' || name === 'limits') && Array.isArray(value)
    return isPairs ? Object.fromEntries(value) : value
  })
  return JSON.parse(text)
}

/** Prints whether all went well, and keeps what did not. */
async function check(name: string, work: () => Promise<readonly string[]>): Promise<void> {
  const problems = await work()
  process.stdout.write(`${problems.length === 0 ? 'equal    ' : 'DIFFERENT'}  ${name}\n`)
  failures.push(...problems.map((problem) => `${name}: ${problem}`))
}
