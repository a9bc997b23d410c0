import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Command, CommandCall } from '../command.ts'
import { unreachable } from '../diagnosis.ts'
import { EXIT, Failure, refused, WrongArguments } from '../failure.ts'

const COMMON = { tools: ['rabbitmqctl'], group: 'Nodes', usage: '' } as const

export const NODE_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'stop_app',
    about: 'Stops the RabbitMQ application, leaving the runtime (Erlang VM) running',
    needs: 'node',
    banner: ({ nodeName }) => `Stopping rabbit application on node ${nodeName} ...`,
    run: (call) => tell(call, 'stop'),
  },
  {
    ...COMMON,
    name: 'start_app',
    about: 'Starts the RabbitMQ application but leaves the runtime (Erlang VM) running',
    needs: 'node',
    banner: ({ nodeName }) => `Starting node ${nodeName} ...`,
    run: (call) => tell(call, 'start'),
  },
  ...(['reset', 'force_reset'] as const).map(
    (name): Command => ({
      ...COMMON,
      name,
      group: name === 'reset' ? 'Nodes' : 'Cluster',
      about:
        name === 'reset'
          ? 'Instructs a RabbitMQ node to leave the cluster and return to its virgin state'
          : 'Forcefully returns a RabbitMQ node to its virgin state',
      guides: ['clustering'],
      needs: 'node',
      run: async (call) => {
        if (call.facts === null) throw unreachable(call.nodeName)
        if (call.facts.isRunning) {
          const stop = "Stop it with 'rabbitmqctl stop_app'."
          throw new WrongArguments(
            `this command requires the 'rabbit' app to be stopped on the target node. ${stop}`,
            EXIT.usage,
            'Error: ',
          )
        }
        if (!call.options.isQuiet) call.say(`Resetting node ${call.nodeName} ...`)
        return tell(call, 'reset')
      },
    }),
  ),
  {
    ...COMMON,
    name: 'stop',
    about:
      'Stops RabbitMQ and its runtime (Erlang VM). Requires a local node pid file path to monitor progress.',
    usage: '[--idempotent] [<pidfile>]',
    arguments: [0, 1],
    options: { idempotent: 'flag' },
    needs: 'node',
    banner: ({ nodeName }) => `Stopping and halting node ${nodeName} ...`,
    run: async (call) => {
      if (call.facts === null && call.options.has('idempotent')) return null
      await tell(call, 'shutdown')
      await untilGone(call)
      return null
    },
  },
  {
    ...COMMON,
    name: 'shutdown',
    about:
      'Stops RabbitMQ and its runtime (Erlang VM). Monitors progress for local nodes. Does not require a PID file path.',
    usage: '[--wait|--no-wait]',
    options: { wait: 'flag', 'no-wait': 'flag' },
    needs: 'node',
    run: async (call) => {
      const { facts, nodeName, options } = call
      if (facts === null) throw unreachable(nodeName)
      const where = `RabbitMQ node ${nodeName} running at PID ${facts.pid}`
      if (!options.isQuiet) call.say(`Shutting down ${where}`)
      await tell(call, 'shutdown')
      if (options.has('no-wait')) return null
      if (!options.isQuiet) call.say(`Waiting for PID ${facts.pid} to terminate`)
      await untilGone(call)
      return { text: `${where} successfully shut down` }
    },
  },
  {
    ...COMMON,
    name: 'rotate_logs',
    about: 'Does nothing [deprecated]',
    needs: 'nothing',
    run: () => {
      throw refused('This command does not rotate logs anymore [deprecated]')
    },
  },
  {
    ...COMMON,
    name: 'await_startup',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    about: 'Waits for the RabbitMQ application to start on the target node',
    usage: '[--timeout <timeout>]',
    needs: 'node',
    run: async (call) => {
      const until = deadline(call, AWAIT_SECONDS)
      const facts = await untilThere(call, until)
      if (facts === null) throw unreachable(call.nodeName)
      if (!facts.isRunning) throw refused('rabbit_is_not_running')
      return null
    },
  },
  {
    ...COMMON,
    name: 'wait',
    about:
      "Waits for RabbitMQ node startup by monitoring a local PID file. See also 'rabbitmqctl await_online_nodes'",
    usage: '[<pidfile>] [--pid <pid>]',
    arguments: [0, 1],
    options: { pid: 'number' },
    needs: 'nothing',
    check: ({ args, options }) => {
      if (args.length === 0 && options.number('pid') === null) {
        throw new WrongArguments('not enough arguments.')
      }
    },
    run: waitForNode,
  },
  {
    ...COMMON,
    name: 'await_online_nodes',
    group: 'Cluster',
    about: 'Waits for <count> nodes to join the cluster',
    usage: '<count>',
    arguments: [1, 1],
    banner: ({ args }) => `Will wait for at least ${args[0]} nodes to join the cluster...`,
    run: ({ args }) => {
      if (Number(args[0]) <= 1) return null
      throw refused('a broker of one node has no others to wait for', EXIT.temporary)
    },
  },
]

/** Has the process do what only it can do. */
async function tell(
  { broker, facts, nodeName }: CommandCall,
  what: 'stop' | 'start' | 'reset' | 'shutdown',
): Promise<null> {
  if (facts === null) throw unreachable(nodeName)
  await broker.post(`/control/${what}`)
  return null
}

const AWAIT_SECONDS = 300
const WAIT_SECONDS = 10
const POLL_MS = 50

/** Milliseconds since 1970. */
function deadline({ options }: CommandCall, otherwiseSeconds: number): number {
  return Date.now() + (options.timeoutSeconds ?? otherwiseSeconds) * 1000
}

/** Who is there at last: a node that runs, or what there is when the time is over. */
async function untilThere({ broker, facts }: CommandCall, until: number) {
  let found = facts ?? (await broker.facts())
  while (found?.isRunning !== true && Date.now() < until) {
    // one that has been stopped by command starts by command only
    if (found !== null) break
    await setTimeout(POLL_MS)
    found = await broker.facts()
  }
  return found
}

/** Until it answers no more and, on this machine, has written what was left to be written. */
async function untilGone({ broker, facts }: CommandCall): Promise<void> {
  while ((await broker.facts()) !== null) await setTimeout(POLL_MS)
  const pid = facts?.pid ?? 0
  while (broker.isLocal && pid !== process.pid && isAlive(pid)) await setTimeout(POLL_MS)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function waitForNode(call: CommandCall): Promise<null> {
  const { args, options, nodeName } = call
  const say = (line: string) => {
    if (!options.isQuiet) call.say(line)
  }
  const until = deadline(call, WAIT_SECONDS)
  const timeoutMs = (options.timeoutSeconds ?? WAIT_SECONDS) * 1000
  const [file] = args
  let pid = options.number('pid')
  if (file !== undefined) {
    say(`Waiting for pid file '${file}' to appear`)
    while (pid === null && Date.now() < until) {
      pid = await pidFor(call, file)
      if (pid === null) await setTimeout(POLL_MS)
    }
    if (pid === null) throw timedOut(nodeName, timeoutMs)
    say(`pid is ${pid}`)
  }
  say(`Waiting for erlang distribution on node '${nodeName}' while OS process '${pid}' is running`)
  const facts = await untilThere(call, until)
  if (facts === null) throw timedOut(nodeName, timeoutMs)
  say(`Waiting for applications 'rabbit_and_plugins' to start on node '${facts.name}'`)
  if (!facts.isRunning) throw timedOut(nodeName, timeoutMs)
  say(`Applications 'rabbit_and_plugins' are running on node '${facts.name}'`)
  return null
}

/** What the file says; a broker that answers counts too, since nothing but the file's name may have been set. */
async function pidFor({ broker }: CommandCall, file: string): Promise<number | null> {
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8').trim())
    if (Number.isInteger(pid) && pid > 0) return pid
  }
  return (await broker.facts())?.pid ?? null
}

function timedOut(nodeName: string, timeoutMs: number): Failure {
  const text = `Error: operation wait on node ${nodeName} timed out. Timeout value used: ${timeoutMs}`
  return new Failure(EXIT.temporary, text)
}
