import { path } from '../broker-client.ts'
import type { Command, CommandCall, Input } from '../command.ts'
import { badArgument, EXIT, Failure, refused, WrongArguments } from '../failure.ts'
import { bytesOf } from '../sizes.ts'

const COMMON = { tools: ['rabbitmqctl'], group: 'Operations' } as const

export const OPERATION_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'purge_queue',
    group: 'Queues',
    about: 'Purges a queue (removes all messages in it)',
    usage: '[--vhost <vhost>] <queue>',
    arguments: [1, 1],
    banner: ({ args, options }) => `Purging queue '${args[0]}' in vhost '${options.vhost}' ...`,
    run: async ({ broker, args, options }) => {
      const where = `/queues${path(options.vhost, args[0] ?? '')}/contents`
      if (await broker.remove(where)) return null
      throw new Failure(EXIT.data, 'Object (queue, stream, exchange, etc) was not found')
    },
  },
  {
    ...COMMON,
    name: 'delete_queue',
    group: 'Queues',
    about: 'Deletes a queue',
    usage: '[--vhost <vhost>] <queue_name> [--if-empty|-e] [--if-unused|-u] [--force|-f]',
    arguments: [1, 1],
    options: { 'if-empty': 'flag', 'if-unused': 'flag', force: 'flag' },
    banner: ({ args, options }) => {
      const conditions = [
        ...(options.has('if-empty') ? ['queue is empty'] : []),
        ...(options.has('if-unused') ? ['queue is unused'] : []),
      ]
      const when = conditions.length === 0 ? '' : `if ${conditions.join(' and if ')} `
      return `Deleting queue '${args[0]}' on vhost '${options.vhost}' ${when}...`
    },
    run: deleteQueue,
  },
  {
    ...COMMON,
    name: 'close_connection',
    about: 'Instructs the broker to close the connection associated with the Erlang process id',
    usage: '<connection pid> <explanation>',
    arguments: [2, 2],
    banner: ({ args: [pid, reason] }) => `Closing connection ${pid}, reason: ${reason}...`,
    run: async ({ broker, args: [pid = '', reason = ''] }) => {
      if (!/^<[^\s@]+@[^\s<>]+\.\d+\.\d+\.\d+>$/.test(pid)) {
        throw refused(`Error:\n{:invalid_pid_syntax, "${pid}"}`)
      }
      await broker.delete(`/control/connections?pid=${encodeURIComponent(pid)}`, because(reason))
      return null
    },
  },
  {
    ...COMMON,
    name: 'close_all_connections',
    about:
      'Instructs the broker to close all connections for the specified vhost or entire RabbitMQ node',
    usage:
      '[--vhost <vhost> --limit <limit>] [-n <node> --global] [--per-connection-delay <delay>] <explanation>',
    arguments: [1, 1],
    options: { limit: 'number', global: 'flag', 'per-connection-delay': 'number' },
    banner: ({ args, options }) => {
      const limit = options.number('limit')
      const where = isGlobal(options) ? 'connections' : `connections in vhost ${options.vhost}`
      const which = limit === null || limit === 0 ? `all ${where}` : `${limit} ${where}`
      return `Closing ${which}, reason: ${args[0]}...`
    },
    run: async ({ broker, args, options }) => {
      const query = new URLSearchParams()
      if (!isGlobal(options)) query.set('vhost', options.vhost)
      const limit = options.number('limit')
      if (limit !== null) query.set('limit', String(limit))
      const headers = because(args[0] ?? '')
      const { text } = await broker.delete(`/control/connections?${query}`, headers)
      const { closed }: { closed: number } = JSON.parse(text)
      return { text: `Closed ${closed} connections` }
    },
  },
  {
    ...COMMON,
    name: 'close_all_user_connections',
    about: 'Instructs the broker to close all connections of the specified user',
    usage: '<username> <explanation>',
    arguments: [2, 2],
    banner: ({ args: [user, reason] }) =>
      `Closing connections of user ${user}, reason: ${reason}...`,
    run: async ({ broker, args: [user = '', reason = ''] }) => {
      const query = new URLSearchParams({ user })
      await broker.delete(`/control/connections?${query}`, because(reason))
      return null
    },
  },
  {
    ...COMMON,
    name: 'set_vm_memory_high_watermark',
    group: 'Operations',
    about: 'Sets the vm_memory_high_watermark setting',
    usage: '<fraction> | absolute <value>',
    guides: ['alarms', 'memory'],
    arguments: [1, 2],
    check: checkWatermark,
    banner: ({ args, nodeName }) =>
      args[0] === 'absolute'
        ? `Setting memory threshold on ${nodeName} to ${args[1]} bytes ...`
        : `Setting memory threshold on ${nodeName} to ${args[0]} ...`,
    run: async ({ broker, args: [first = '', second = ''] }) => {
      const memory =
        first === 'absolute' ? { absolute: bytesOf(second) } : { relative: Number(first) }
      await broker.put('/control/limits', { memory })
      return null
    },
  },
  {
    ...COMMON,
    name: 'set_disk_free_limit',
    about: 'Sets the disk_free_limit setting',
    usage: '<disk_limit> | mem_relative <fraction>',
    guides: ['disk-alarms', 'alarms'],
    arguments: [1, 2],
    check: checkDiskLimit,
    banner: ({ args, nodeName }) =>
      args[0] === 'mem_relative'
        ? `Setting disk free limit on ${nodeName} to ${args[1]} times the total RAM ...`
        : `Setting disk free limit on ${nodeName} to ${args[0]} bytes ...`,
    run: async ({ broker, args: [first = '', second = ''] }) => {
      const free =
        first === 'mem_relative' ? { relative: Number(second) } : { absolute: bytesOf(first) }
      await broker.put('/control/limits', { disk_free: free })
      return null
    },
  },
  {
    ...COMMON,
    name: 'set_log_level',
    group: 'Configuration and Environment',
    about: 'Sets log level in the running node',
    usage: '[<category>] <log_level>',
    arguments: [1, 2],
    check: ({ args }) => {
      const level = args.at(-1) ?? ''
      if (LOG_LEVELS.includes(level)) return
      const known = LOG_LEVELS.join(', ')
      throw refused(`level ${level} is not supported. Try one of ${known}`)
    },
    banner: ({ args }) => `Setting log level to "${args.at(-1)}" ...`,
    run: async ({ broker, args }) => {
      await broker.put('/control/log-level', args.at(-1) ?? '')
      return null
    },
  },
  {
    ...COMMON,
    name: 'force_gc',
    about:
      'Makes all Erlang processes on the target node perform/schedule a full sweep garbage collection',
    usage: '[--timeout <timeout>]',
    banner: ({ nodeName }) =>
      `Will ask all processes on node ${nodeName} to schedule a full sweep GC`,
    run: () => null,
  },
]

const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical', 'none']

function isGlobal(options: Input['options']): boolean {
  return options.has('global') || !options.has('vhost')
}

/** A header takes no line ends, and only what is in ASCII. */
function because(reason: string): Readonly<Record<string, string>> {
  return { 'x-reason': encodeURIComponent(reason) }
}

async function deleteQueue({ broker, args, options }: CommandCall) {
  const where = path(options.vhost, args[0] ?? '')
  const queue = await broker.find(`/queues${where}`)
  if (queue === null) throw refused('No such queue was found', EXIT.usage)
  const { messages_ready: ready = 0 } = queue
  const query = new URLSearchParams()
  for (const name of ['if-empty', 'if-unused']) if (options.has(name)) query.set(name, 'true')
  const request = { method: 'DELETE', path: `/queues${where}?${query}` } as const
  const answer = await broker.send(request)
  if (answer.status < 400) {
    return { text: `Queue was successfully deleted with ${String(ready)} ready messages` }
  }
  const { reason }: { reason?: string } = JSON.parse(answer.text)
  throw refused(`{:amqp_error, :precondition_failed, ~c"${reason}", :none}`)
}

function checkWatermark({ args: [first = '', second] }: Input): void {
  if (first === 'absolute') {
    if (second === undefined) throw new WrongArguments('not enough arguments.')
    if (bytesOf(second) === null) throw badArgument('')
    return
  }
  if (second !== undefined) throw new WrongArguments('too many arguments.')
  const fraction = /^\d*\.?\d+(e-?\d+)?$/i.test(first) ? Number(first) : Number.NaN
  if (Number.isNaN(fraction)) throw badArgument('')
  if (fraction > 1) throw badArgument('The threshold should be a fraction between 0.0 and 1.0')
}

function checkDiskLimit({ args: [first = '', second] }: Input): void {
  if (first === 'mem_relative') {
    if (second === undefined) throw new WrongArguments('not enough arguments.')
    if (!/^\d*\.?\d+$/.test(second)) throw badArgument('')
    return
  }
  if (second !== undefined) throw new WrongArguments('too many arguments.')
  if (bytesOf(first) === null) throw badArgument('')
}
