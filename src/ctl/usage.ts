import { type Command, GROUPS, type Tool } from './command.ts'

/** The first lines of how a command is used. */
export function usageLine(tool: Tool, { name, usage }: Command): string {
  const words = [tool, '[--node <node>]', '[--longnames]', '[--quiet]', name, usage]
  return words.filter((word) => word !== '').join(' ')
}

/** How a tool is used, with every command that it has. */
export function toolUsage(tool: Tool, commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + GAP
  const groups = GROUPS.flatMap((group) => {
    const members = commands.filter((command) => command.group === group).sort(byName)
    if (members.length === 0) return []
    const lines = members.map(({ name, about }) => `   ${name.padEnd(width)}${about}`)
    return [`${group}:\n\n${lines.join('\n')}`]
  })
  return `
Usage

${tool} [--node <node>] [--timeout <timeout>] [--longnames] [--quiet] <command> [<command options>]

Available commands:

${groups.join('\n\n')}

Use '${tool} help <command>' to learn more about a specific command
`
}

/** All that there is to say of one command. */
export function commandHelp(tool: Tool, command: Command): string {
  const { about, help = [], guides = [] } = command
  const parts = [`\nUsage\n\n${usageLine(tool, command)}`, `${about}.`]
  if (help.length > 0) {
    const items = help.map(([argument, meaning]) => `${argument}\n\t${meaning}`)
    parts.push(`\nArguments and Options\n\n${items.join('\n\n')}`)
  }
  if (guides.length > 0) {
    const items = guides.map((guide) => ` * https://rabbitmq.com/docs/${guide}/`)
    parts.push(`\nRelevant Doc Guides\n\n${items.join('\n\n')}`)
  }
  return `${[...parts, GENERAL_OPTIONS].join('\n\n')}\n`
}

/** Of these commands, the one whose name looks most like a word that is none; null where none does. */
export function similarCommand(word: string, commands: readonly Command[]): string | null {
  let best: string | null = null
  let most = LEAST_SIMILARITY
  for (const { name } of [...commands].sort(byName)) {
    const similarity = jaro(word, name)
    if (similarity <= most) continue
    best = name
    most = similarity
  }
  return best
}

const GAP = 3
const LEAST_SIMILARITY = 0.75

/** Share of letters that two words have in common and in order (M. A. Jaro, 1989). */
export function jaro(a: string, b: string): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const common: string[] = []
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j++) {
      if (taken.has(j) || a[i] !== b[j]) continue
      taken.add(j)
      common.push(a[i] ?? '')
      break
    }
  }
  if (common.length === 0) return 0
  const other = [...taken].sort((x, y) => x - y).map((j) => b[j])
  const swapped = common.filter((char, at) => char !== other[at]).length / 2
  const count = common.length
  return (count / a.length + count / b.length + (count - swapped) / count) / 3
}

function byName(a: Command, b: Command): number {
  return a.name < b.name ? -1 : 1
}

const GENERAL_OPTIONS = `
General Options

The following options are accepted by most or all commands.

short            | long          | description
-----------------|---------------|--------------------------------
-?               | --help        | displays command help
-n <node>        | --node <node> | connect to node <node>
-l               | --longnames   | use long host names
-t               | --timeout <n> | for commands that support it, operation timeout in seconds
-q               | --quiet       | suppress informational messages
-s               | --silent      | suppress informational messages
                                 | and table header row
-p               | --vhost       | for commands that are scoped to a virtual host,
                 |               | virtual host to use
                 | --formatter   | alternative result formatter to use
                                 | if supported: json, pretty_table, table, csv, erlang
                                   not all commands support all (or any) alternative formatters.
                 | --data-dir    | data directory of the broker, LEVERET_DATA_DIR unless given
                 | --api <url>   | HTTP API with credentials, in place of the data directory`
