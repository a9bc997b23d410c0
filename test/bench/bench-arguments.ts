import { parseArgs } from 'node:util'
import { addressOf } from './load/address.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

/** A broker to compare with. */
export type Peer =
  | { readonly kind: 'rabbitmq' | 'garagemq' }
  | { readonly kind: 'checkout'; readonly directory: string }
  | { readonly kind: 'running'; readonly url: string; readonly pid: number | null }

export interface BenchArguments {
  readonly isHelpWanted: boolean
  readonly scenarios: readonly Scenario[]
  readonly peers: readonly Peer[]
  /** Whether runs that need no data directory have one as well. */
  readonly isAlwaysOnDisk: boolean
  /** Seconds after each load until memory is looked at once more; null for not at all. */
  readonly restSeconds: number | null
  /** Where the results go, and where those are that stand beside them. */
  readonly saveTo: string
  readonly compareWith: string
}

const OPTIONS = {
  scenarios: { type: 'string', short: 's' },
  rounds: { type: 'string', short: 'r' },
  seconds: { type: 'string' },
  messages: { type: 'string' },
  peer: { type: 'string', short: 'p', multiple: true },
  'peer-pid': { type: 'string', multiple: true },
  disk: { type: 'boolean' },
  rest: { type: 'string' },
  save: { type: 'string' },
  compare: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Where results go that nobody names a file for; the folder is not under version control. */
const LAST_RESULTS = '.bench/last.json'

/** Throws an Error that says what is wrong. */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const saveTo = values.save ?? LAST_RESULTS
  return {
    isHelpWanted: values.help ?? false,
    scenarios: chosen(values.scenarios).map((scenario) => ({
      ...scenario,
      rounds: count('rounds', values.rounds) ?? scenario.rounds,
      seconds: positive('seconds', values.seconds) ?? scenario.seconds,
      ...(scenario.kind === 'backlog'
        ? { messages: count('messages', values.messages) ?? scenario.messages }
        : {}),
    })),
    peers: peersOf(values.peer ?? [], values['peer-pid'] ?? []),
    isAlwaysOnDisk: values.disk ?? false,
    restSeconds: positive('rest', values.rest) ?? null,
    saveTo,
    compareWith: values.compare ?? saveTo,
  }
}

function chosen(names: string | undefined): readonly Scenario[] {
  if (names === undefined) return SCENARIOS
  const wanted = names.split(',')
  const unknown = wanted.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown !== undefined) {
    const known = SCENARIOS.map(({ name }) => name).join(', ')
    throw new Error(`there is no scenario '${unknown}'; there are ${known}`)
  }
  return SCENARIOS.filter(({ name }) => wanted.includes(name))
}

/** The pids belong to the running brokers, in the same order. */
function peersOf(names: readonly string[], pids: readonly string[]): readonly Peer[] {
  const waiting = pids.map((pid) => count('peer-pid', pid) ?? 0)
  const peers = names.map((name): Peer => {
    if (name === 'rabbitmq' || name === 'garagemq') return { kind: name }
    if (!name.startsWith('amqp:')) return { kind: 'checkout', directory: name }
    addressOf(name)
    return { kind: 'running', url: name, pid: waiting.shift() ?? null }
  })
  if (waiting.length > 0) throw new Error('--peer-pid is for a --peer amqp://...')
  return peers
}

function count(name: string, text: string | undefined): number | undefined {
  const value = positive(name, text)
  if (value === undefined || Number.isInteger(value)) return value
  throw new Error(`--${name} takes a whole number`)
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} takes a number above 0, not '${text}'`)
}

/** What --help prints. */
export function helpText(): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length))
  const scenarios = SCENARIOS.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`)
  return `Measures what messages cost a Leveret built from these sources, alone or beside other brokers.

  npm run bench                                          all scenarios
  npm run bench -- --scenarios a16,b --rounds 5          some, more often
  npm run bench -- --peer rabbitmq --peer garagemq       beside Debian's brokers
  npm run bench -- --peer ../other                       beside another checkout, built there
  npm run bench -- --peer amqp://127.0.0.1:5673/ --peer-pid 4711
                                                         beside a broker that runs already

The load runs in a process of its own. The brokers take turns; medians of all rounds count, and "× better" is how
much better the median of Leveret is. Broker CPU, user and system time of all its processes, says more than messages
a second, because broker and load share the machine; it and memory come from /proc, where there is one. A broker that
fails a scenario, or makes no progress for 5 s, is reported so and left out of its further rounds.

Scenarios
${scenarios.join('\n')}

Options
  -s, --scenarios NAMES  Which, separated by commas (all)
  -r, --rounds N         Rounds of each (3; f: 1)
      --seconds S        Length of each load (2 to 3; f: at most 10)
      --messages N       Messages of f (5,000,000)
  -p, --peer BROKER      Broker to compare with: rabbitmq, garagemq, a directory or amqp://...; may be repeated
      --peer-pid PID     Process of a --peer amqp://..., for its CPU and memory
      --disk             Gives Leveret a data directory for transient messages too, not in memory
      --rest S               Looks at memory once more, S seconds after each load
      --save FILE        Where results are kept as JSON (${LAST_RESULTS}); it keeps those of other scenarios
      --compare FILE     Results to stand beside the new ones (those in the file of --save)
  -h, --help             This text
`
}
