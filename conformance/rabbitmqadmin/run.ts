import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createBroker } from '../../src/index.ts'
import { wordsOf } from '../ctl/capture.ts'
import { isRabbitMqInstalled, startRabbitMq } from '../support/rabbitmq-node.ts'
import { type Case, isReading } from './case.ts'
import { DECLARING } from './cases/declaring.ts'
import { DEFINITIONS, DELETING } from './cases/deleting.ts'
import { ACCESS, HELP, PLACES } from './cases/help.ts'
import { LISTING } from './cases/listing.ts'
import { MESSAGES } from './cases/messages.ts'
import { type CaseOutcome, differences } from './compare.ts'
import { KNOWN_DIFFERENCES, UNUSED_FLAGS } from './known.ts'
import { Side } from './side.ts'
import { type AdminTool, findAdminTool } from './tool.ts'
import { type DoneCommand, unused, usageOf } from './usage.ts'

/**
 * Runs every command of Debian's rabbitmqadmin against Debian's RabbitMQ and a Leveret, and compares what comes of it.
 *
 *     npm run conformance:rabbitmqadmin -- [--filter TEXT]     shows only differences in command lines with TEXT
 */
const SETTLING_MS = 12_000
const CASES = [
  ...HELP,
  ...DECLARING,
  ...MESSAGES,
  ...LISTING,
  ...DEFINITIONS,
  ...PLACES,
  ...ACCESS,
  ...DELETING,
]

const { values } = parseArgs({ options: { filter: { type: 'string', default: '' } } })
let failed = 0
const usedReasons = new Set<object>()
const done: DoneCommand[] = []
const counts = { equal: 0, excused: 0 }

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)

async function main(): Promise<number> {
  const tool = findAdminTool()
  if (!isRabbitMqInstalled()) throw new Error('rabbitmq-server is not installed')
  const directory = mkdtempSync(join(tmpdir(), 'conformance-rabbitmqadmin-'))
  try {
    await onBoth(tool, directory, async (theirs, ours) => {
      for (const one of CASES) await check(one, theirs, ours)
    })
    for (const problem of await missing(tool, directory)) fail(problem)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  for (const known of KNOWN_DIFFERENCES) {
    if (values.filter !== '' || usedReasons.has(known)) continue
    fail(`a reason that applies to nothing: ${known.in} ${known.says}: ${known.reason}`)
  }
  process.stdout.write(`${CASES.length} command lines on both brokers: ${counts.equal} equal, `)
  process.stdout.write(`${counts.excused} different for a reason, ${failed} failures\n`)
  return failed === 0 ? 0 : 1
}

async function onBoth(
  tool: AdminTool,
  directory: string,
  work: (theirs: Side, ours: Side) => Promise<void>,
): Promise<void> {
  const node = await startRabbitMq({
    hasManagement: true,
    plugins: ['rabbitmq_federation'],
    config: ['collect_statistics_interval = 1000'],
  })
  const stop = () => void node.stop().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  const loopback = { host: '127.0.0.1', port: 0 }
  // Of the versions that Leveret can be, the one next to Debian's.
  const broker = await createBroker({ amqp: loopback, management: loopback, compat: '3.13' })
  const { management } = broker
  if (management === null || node.management === null) throw new Error('no HTTP API')
  const theirPlace = { ...node, management: node.management, directory: join(directory, 'theirs') }
  const { nodeName } = broker
  const theirs = new Side(tool, theirPlace)
  const ourPlace = { url: broker.url, management, directory: join(directory, 'ours') }
  const ours = new Side(tool, { ...ourPlace, nodeName, clusterName: nodeName })
  try {
    await work(theirs, ours)
  } finally {
    await Promise.all([theirs.close(), ours.close()])
    await broker.close()
    await node.stop()
  }
}

/** Runs a case on both. One that only reads is run again while statistics are not there yet. */
async function check(one: Case, theirs: Side, ours: Side): Promise<void> {
  await Promise.all([theirs.prepare(one), ours.prepare(one)])
  const deadlineMs = performance.now() + SETTLING_MS
  for (;;) {
    const [want, have] = await Promise.all([theirs.run(one), ours.run(one)])
    const found = differences(one, want, have)
    const open = found.filter((difference) => !isKnown(one, difference))
    if (open.length > 0 && isReading(one) && performance.now() < deadlineMs) {
      await delay(500)
      continue
    }
    conclude(one, [want, have], found, open)
    return
  }
}

function isKnown({ line }: Case, difference: string): boolean {
  return KNOWN_DIFFERENCES.some((known) => known.in.test(line) && known.says.test(difference))
}

function conclude(
  { line }: Case,
  outcomes: readonly CaseOutcome[],
  found: readonly string[],
  open: readonly string[],
): void {
  for (const known of KNOWN_DIFFERENCES) {
    const isUsed = found.some((difference) => known.says.test(difference))
    if (isUsed && known.in.test(line)) usedReasons.add(known)
  }
  if (outcomes.every(({ exitCode }) => exitCode === 0)) done.push({ words: wordsOf(line) })
  if (open.length > 0 && line.includes(values.filter)) {
    fail(`rabbitmqadmin ${line}\n    ${open.join('\n    ')}`)
  } else if (found.length > 0) counts.excused++
  else counts.equal++
}

function fail(problem: string): void {
  failed++
  process.stdout.write(`${problem}\n`)
}

/** What the tool says it can do and no case has made it do. */
async function missing(tool: AdminTool, directory: string): Promise<readonly string[]> {
  const { stdout: subcommands } = await tool.run(['help', 'subcommands'], directory)
  const { stdout: help } = await tool.run(['--help'], directory)
  const usage = usageOf(subcommands, help)
  process.stdout.write(`${tool.path}: ${usage.commands.length} commands\n`)
  if (usage.commands.length === 0) return ['the tool lists no commands']
  return unused(usage, done, new Set(UNUSED_FLAGS.keys()))
}
