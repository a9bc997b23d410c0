import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Node } from '../../src/cli/node.ts'
import { runAdmin } from '../../src/ctl/admin/run.ts'
import type { Tool } from '../../src/ctl/command.ts'
import { runTool } from '../../src/ctl/run.ts'
import type { Broker } from '../../src/index.ts'
import { setScene } from '../http/scene.ts'
import { type CtlCapture, capturesIn } from './capture.ts'
import { type CtlAnswer, differences } from './compare.ts'
import { KNOWN_DIFFERENCES } from './known.ts'

/**
 * Runs every command that was run against a live RabbitMQ 4.3.6 against a Leveret with the same things declared and the same
 * clients, and compares what it prints and what it exits with.
 *
 *     npm run conformance:ctl -- [TEXT]     only commands that contain TEXT
 */
const [only = ''] = process.argv.slice(2)
const MOST_SHOWN = 12
/** What later commands need is done whatever is looked at. */
const MAKES_STATE = /^(stop_app|start_app|shutdown|add_|delete_|set_|declare|publish)/
const failures: string[] = []
const usedReasons = new Set<object>()
let passed = 0

interface Stage {
  readonly files: readonly string[]
  readonly plugins: string
}

/** Each with a broker of its own, in the order in which they were taken. */
const STAGES: readonly Stage[] = [
  { files: ['fresh', 'plugins'], plugins: 'rabbitmq_management,rabbitmq_prometheus' },
  {
    files: [
      'lists',
      'usage-errors',
      'diagnostics',
      'manage',
      'alarms',
      'rabbitmqadmin-v1',
      'maintenance',
      'stop-and-down',
    ],
    plugins:
      'rabbitmq_management,rabbitmq_prometheus,rabbitmq_shovel_management,rabbitmq_federation_management,' +
      'rabbitmq_consistent_hash_exchange,rabbitmq_random_exchange,rabbitmq_recent_history_exchange,' +
      'rabbitmq_jms_topic_exchange,rabbitmq_stream,rabbitmq_stream_management,rabbitmq_tracing,rabbitmq_top',
  },
]

for (const one of STAGES) await stage(one, one !== STAGES[0])

if (only === '') {
  for (const known of KNOWN_DIFFERENCES) {
    if (usedReasons.has(known)) continue
    failures.push(`a reason that applies to nothing: ${known.in} ${known.says}: ${known.reason}`)
  }
}
for (const failure of failures) process.stdout.write(`${failure}\n`)
process.stdout.write(`${passed} passed, ${failures.length} failed\n`)
process.exit(failures.length === 0 ? 0 : 1)

async function stage({ files, plugins }: Stage, hasScene: boolean): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'leveret-ctl-'))
  writeFileSync(join(directory, 'pid'), `${process.pid}\n`)
  writeFileSync(join(directory, 'enabled_plugins'), `[${plugins}].\n`)
  const place = { host: '127.0.0.1' }
  const options = {
    amqp: place,
    management: place,
    prometheus: place,
    dataDir: join(directory, 'data'),
  }
  const { broker, close } = await Node.start(options, { level: 'info' })
  const onTerm = () => {
    rmSync(join(directory, 'pid'), { force: true })
    void close()
  }
  process.on('SIGTERM', onTerm)
  try {
    broker.administration.setGlobalParameter('cluster_name', 'capture')
    if (hasScene) await setScene(broker)
    for (const file of files) {
      const path = fileURLToPath(new URL(`captures/${file}.txt`, import.meta.url))
      for (const capture of capturesIn(readFileSync(path, 'utf8'))) {
        if (isFor(capture)) await check(broker, directory, file, capture)
      }
    }
  } finally {
    await close()
    process.off('SIGTERM', onTerm)
    rmSync(directory, { recursive: true, force: true })
  }
}

function isFor({ tool, words }: CtlCapture): boolean {
  return `${tool} ${words.join(' ')}`.includes(only) || MAKES_STATE.test(words.join(' '))
}

async function check(
  broker: Broker,
  directory: string,
  file: string,
  capture: CtlCapture,
): Promise<void> {
  const { tool, words } = capture
  const answer = await run(broker, directory, capture)
  const where = `${file} $ ${tool} ${words.join(' ')}`
  const found = differences(capture, named(answer, broker, directory)).filter((difference) => {
    const known = KNOWN_DIFFERENCES.find((one) => one.in.test(where) && one.says.test(difference))
    if (known !== undefined) usedReasons.add(known)
    return known === undefined
  })
  if (!where.includes(only)) return
  if (found.length === 0) passed++
  else failures.push(`${where}\n    ${found.slice(0, MOST_SHOWN).join('\n    ')}`)
}

async function run(
  broker: Broker,
  directory: string,
  { tool, words }: CtlCapture,
): Promise<CtlAnswer> {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const around = {
    env: {
      LEVERET_DATA_DIR: join(directory, 'data'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    },
    out: (text: string) => void stdout.push(text),
    err: (text: string) => void stderr.push(text),
    input: () => Promise.resolve(''),
  }
  const placed = words.map((word) =>
    word
      .replace(/^\/tmp\//, '/var/lib/rabbitmq/tmp-')
      .replaceAll('/var/lib/rabbitmq', directory)
      .replaceAll('rabbit@host', broker.nodeName)
      .replace(/^5672$/, String(broker.amqp.port)),
  )
  const { port = 0 } = broker.management ?? {}
  const exitCode =
    tool === 'rabbitmqadmin'
      ? await runAdmin(['-H', '127.0.0.1', '-P', String(port), ...placed], around)
      : await runTool(toolOf(tool), placed, around)
  return { stdout: stdout.join(''), stderr: stderr.join(''), exitCode }
}

function toolOf(name: string): Tool {
  const tools: readonly Tool[] = [
    'rabbitmqctl',
    'rabbitmq-diagnostics',
    'rabbitmq-plugins',
    'rabbitmq-queues',
    'rabbitmq-streams',
    'rabbitmq-upgrade',
  ]
  return tools.find((tool) => tool === name) ?? 'rabbitmqctl'
}

/** What was printed, with the names that the captures have. */
function named(answer: CtlAnswer, broker: Broker, directory: string): CtlAnswer {
  const name = (text: string) =>
    text
      .replaceAll(`${directory}/data`, '/var/lib/rabbitmq/mnesia/rabbit@host')
      .replaceAll(`${directory}/enabled_plugins`, '/etc/rabbitmq/enabled_plugins')
      .replaceAll(`${directory}/tmp-`, '/tmp/')
      .replaceAll(directory, '/var/lib/rabbitmq')
      .replaceAll(broker.nodeName, 'rabbit@host')
  return { ...answer, stdout: name(answer.stdout), stderr: name(answer.stderr) }
}
