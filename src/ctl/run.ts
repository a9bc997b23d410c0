import { hostname } from 'node:os'
import { join } from 'node:path'
import { BrokerClient, type NodeFacts } from './broker-client.ts'
import { columnNames } from './column-names.ts'
import type { Command, CommandCall, Input, Options, Tool } from './command.ts'
import { allCommands, commandsFor } from './commands/all.ts'
import { unreachable } from './diagnosis.ts'
import { EXIT, Failure, WrongArguments } from './failure.ts'
import { FORMATTERS, type Formatter, formatted, isForMachines } from './format.ts'
import type { Endpoint } from './http.ts'
import { type Parsed, parseArguments } from './parse.ts'
import { commandHelp, similarCommand, toolUsage, usageLine } from './usage.ts'

/** Where a command prints, and what is set around it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** All of the standard input, once it has ended, or its first line. */
  readonly input: (amount: 'all' | 'line') => Promise<string>
}

/** Runs one command line of a tool; resolves with what the process is to exit with. */
export async function runTool(
  tool: Tool,
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  const loaded = await commandsFor(words)
  const find = (name: string) =>
    loaded.find((command) => command.name === name && command.tools.includes(tool))
  const isSwitch = (name: string) => loaded.some(({ options = {} }) => options[name] === 'flag')
  const parsed = parseArguments(words, find, isSwitch)
  const { name, options } = parsed
  const command = name === null ? undefined : find(name)
  if (name === null && options.has('version')) return runTool(tool, ['version'], around)
  if (command === undefined || name === 'help' || name === 'autocomplete') {
    const all = await allCommands()
    const commands = all.filter(({ tools }) => tools.includes(tool))
    return runAboutCommands(tool, commands, parsed, around)
  }
  if (options.has('help')) {
    around.out(commandHelp(tool, command))
    return 0
  }
  return runCommand(tool, command, parsed, words, around)
}

/** What looks at all commands of a tool: help, completion, and words that name none. */
function runAboutCommands(
  tool: Tool,
  commands: readonly Command[],
  parsed: Parsed,
  around: Surroundings,
): number {
  const { name, options } = parsed
  if (name === null) {
    const usage = toolUsage(tool, commands)
    if (options.has('help')) around.out(usage)
    else around.err(usage)
    return options.has('help') ? 0 : EXIT.usage
  }
  if (name === 'help') return help(tool, commands, parsed, around)
  if (name === 'autocomplete') {
    if (options.has('help')) return help(tool, commands, { ...parsed, args: [name] }, around)
    const [prefix = ''] = parsed.args
    const found = commands.filter((one) => one.name.startsWith(prefix))
    around.out(found.map((one) => `${one.name}\n`).join(''))
    return 0
  }
  const similar = similarCommand(name, commands)
  around.err(`\nCommand '${name}' not found. \n`)
  around.err(similar === null ? toolUsage(tool, commands) : `Did you mean '${similar}'? \n\n`)
  return EXIT.usage
}

function help(
  tool: Tool,
  commands: readonly Command[],
  { args }: Parsed,
  { out, err }: Surroundings,
): number {
  const [name] = args
  if (name === undefined) {
    out(toolUsage(tool, commands))
    return 0
  }
  const command = commands.find((one) => one.name === name)
  if (command === undefined) {
    err(`Error:\n\nCommand '${name}' not found.\n`)
    return EXIT.usage
  }
  out(commandHelp(tool, command))
  return 0
}

async function runCommand(
  tool: Tool,
  command: Command,
  parsed: Parsed,
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  const { env, out, err } = around
  try {
    const formatter = formatterOf(parsed.options)
    assertValid(command, parsed, formatter)
    const broker = new BrokerClient(endpointOf(parsed.options, env))
    const input: Input = {
      tool,
      args: parsed.args,
      options: parsed.options,
      nodeName: wantedNode(parsed.options, env) ?? `rabbit@${shortHostname()}`,
      env,
    }
    command.check?.(input)
    const call = await prepared(command, input, broker, around, isForMachines(formatter))
    const output = await command.run(call)
    const hasHeader = !parsed.options.has('silent') && !parsed.options.has('no-table-headers')
    const isPretty = output !== null && 'rows' in output && output.isPretty === true
    const chosen = formatter === 'table' && isPretty ? 'pretty_table' : formatter
    const isHeaded = output !== null && 'rows' in output && output.hasNoHeader !== true && hasHeader
    out(formatted(output, chosen, isHeaded))
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    err(`${error.message}\n`)
    if (error instanceof WrongArguments) {
      err(`Arguments given:\n\t${words.join(' ')}\n\nUsage\n\n${usageLine(tool, command)}\n`)
    }
    return error.exitCode
  }
}

/** Asks who is there, and says what is about to be done. */
async function prepared(
  command: Command,
  input: Input,
  broker: BrokerClient,
  { out, input: read }: Surroundings,
  isTerse: boolean,
): Promise<CommandCall> {
  const { needs = 'broker', banner } = command
  const facts = needs === 'nothing' ? null : await factsOf(broker, input)
  if (needs === 'broker') {
    if (facts === null) throw unreachable(input.nodeName)
    if (!facts.isRunning) {
      const start = "Start it with 'rabbitmqctl start_app'."
      throw new WrongArguments(
        `this command requires the 'rabbit' app to be running on the target node. ${start}`,
        EXIT.usage,
        'Error: ',
      )
    }
  }
  const nodeName = facts?.name ?? input.nodeName
  const { options } = input
  const isQuiet = options.isQuiet || isTerse
  const known = { ...input, nodeName }
  if (banner !== undefined && !isQuiet) out(`${banner(known)}\n`)
  return { ...known, broker, facts, say: (line) => out(`${line}\n`), read }
}

async function factsOf(
  broker: BrokerClient,
  { nodeName, options, env }: Input,
): Promise<NodeFacts | null> {
  const facts = await broker.facts()
  if (facts === null || wantedNode(options, env) === null) return facts
  return isSameNode(nodeName, facts.name) ? facts : null
}

/** The node goes by its name, and by those that the machine has for itself. */
function isSameNode(wanted: string, name: string): boolean {
  const [wantedName, wantedHost = ''] = wanted.split('@')
  const [ownName, ownHost] = name.split('@')
  const isHost = [ownHost, 'localhost', hostname(), shortHostname(), ''].includes(wantedHost)
  return wantedName === ownName && isHost
}

function wantedNode(options: Options, env: Surroundings['env']): string | null {
  return options.text('node') ?? (env.RABBITMQ_NODENAME || null)
}

function shortHostname(): string {
  return hostname().split('.')[0] ?? ''
}

function formatterOf(options: Options): Formatter {
  const name = options.text('formatter') ?? 'table'
  const found = FORMATTERS.find((one) => one === name)
  if (found === undefined) {
    throw new Failure(1, `there is no formatter '${name}': try one of ${FORMATTERS.join(', ')}`)
  }
  return found
}

function assertValid(
  command: Command,
  { args, invalid, options }: Parsed,
  formatter: Formatter,
): void {
  const [least, most] = command.arguments ?? [0, 0]
  const wrong = [...invalid]
  if (formatter === 'csv' && options.has('no-table-headers')) wrong.push(['--no-table-headers', ''])
  if (wrong.length > 0) {
    const lines = wrong.map(([option, value]) => `${option} : ${value}`)
    throw new WrongArguments(`Invalid options for this command:\n${lines.join('\n')}`)
  }
  if (command.columns === undefined) {
    if (args.length < least) throw new WrongArguments('not enough arguments.')
    if (args.length > most) throw new WrongArguments('too many arguments.')
    return
  }
  const known = new Set(command.columns.all.map(({ name }) => name))
  const unknown = columnNames(args).filter((name) => !known.has(name))
  if (unknown.length === 0) return
  throw new WrongArguments(`Info key(s) ${unknown.sort().join(',')} are not supported`)
}

function endpointOf(options: Options, env: Surroundings['env']): Endpoint {
  const api = options.text('api') ?? (env.LEVERET_API || null)
  if (api !== null) return httpEndpoint(api)
  return { path: join(dataDirectory(options, env), 'control.sock') }
}

function dataDirectory(options: Options, env: Surroundings['env']): string {
  const { LEVERET_DATA_DIR, RABBITMQ_MNESIA_DIR, RABBITMQ_MNESIA_BASE } = env
  return (
    options.text('data-dir') ||
    LEVERET_DATA_DIR ||
    RABBITMQ_MNESIA_DIR ||
    RABBITMQ_MNESIA_BASE ||
    './data'
  )
}

/** Of `http://user:password@host:port`. Throws a Failure for what is no such address. */
function httpEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Failure(EXIT.usage, `'${text}' is no address of an HTTP API`)
  }
  const isTls = url.protocol === 'https:'
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: Number(url.port) || (isTls ? 15_671 : 15_672),
    tls: isTls ? {} : null,
    login: user === '' ? null : { user, password: decodeURIComponent(url.password) },
  }
}
