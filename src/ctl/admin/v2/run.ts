import type { Surroundings } from '../../run.ts'
import { AdminClient } from '../admin-client.ts'
import { AdminError } from '../admin-error.ts'
import { OPTIONS, readOptions } from '../options.ts'
import { ADMIN_EXIT, AdminFailure, wrongUsage } from './admin-failure.ts'
import type { AdminVerb } from './admin-verb.ts'
import { AdminCall } from './call.ts'
import { type AdminCommandLine, readCommandLine } from './command-line.ts'
import { GROUPS } from './commands.ts'

/** Whether a command line is one that only rabbitmqadmin's version 2 understands: it has its words, or its options. */
export function isVersion2(words: readonly string[]): boolean {
  const names = words.flatMap((word) => /^--([a-z][\w-]*)/.exec(word)?.[1] ?? [])
  if (names.some((name) => OWN_OPTIONS.has(name))) return true
  try {
    const [first = '', second = ''] = readOptions(words).args
    return (
      OWN_WORDS.has(first) ||
      /^(publish message|get messages?|show churn|show endpoint)$/.test(`${first} ${second}`)
    )
  } catch (error) {
    if (error instanceof AdminError) return false
    throw error
  }
}

/** Runs one command line of rabbitmqadmin as its version 2 takes it; resolves with the exit status. */
export async function runAdminV2(
  all: readonly string[],
  { env, out, err, input }: Surroundings,
): Promise<number> {
  try {
    const line = readCommandLine(all, env)
    const [group = '', verb = ''] = found(line.words)
    if (line.wantsHelp) {
      out(helpOf(group))
      return 0
    }
    const command = commandOf(group, verb, line.words)
    assertKnown(line, command)
    const missing = command.required.filter((name) => !line.values.has(name))
    if (missing.length > 0) {
      const options = missing.map((name) => `--${name} <${name}>`)
      throw wrongUsage(
        `the following required arguments were not provided:\n  ${options.join('\n  ')}`,
        `${line.words.join(' ')} ${options.join(' ')}`,
      )
    }
    out(await command.run(new AdminCall(new AdminClient(line.options), line, input)))
    return 0
  } catch (error) {
    if (error instanceof AdminFailure) {
      if (error.isResult) out(error.message)
      else err(`${error.message}\n`)
      return error.exitCode
    }
    if (!(error instanceof AdminError)) throw error
    err(`${error.message}\n`)
    return ADMIN_EXIT.unavailable
  }
}

/** Options that version 1 does not have: it takes arguments without dashes. */
const OWN_OPTIONS = new Set([
  'non-interactive',
  'table-style',
  ...[...GROUPS.values()].flatMap((verbs) => Object.values(verbs).flatMap(optionsOf)),
])
for (const { name } of OPTIONS) OWN_OPTIONS.delete(name)

/** Words that version 1 does not begin with. */
const OWN_WORDS = new Set(
  [...GROUPS.keys()].filter((name) => !['messages', 'overview'].includes(name)),
)

/** Group and verb, also of those that begin with the verb: `declare queue`, `publish message`. */
function found([first = '', second = '']: readonly string[]): readonly [string, string] {
  if (first === 'publish' || first === 'get') return ['messages', first]
  if (first === 'export' || first === 'import') return ['definitions', first]
  if (first === 'show') return ['overview', second]
  if (['list', 'declare', 'delete', 'purge', 'close'].includes(first)) {
    return [
      [...GROUPS.keys()].find((name) => name === second || singular(name) === second) ?? '',
      first,
    ]
  }
  return [first, second]
}

function optionsOf({ required, optional = [] }: AdminVerb): readonly string[] {
  return [...required, ...optional]
}

function assertKnown({ words, values }: AdminCommandLine, command: AdminVerb): void {
  const known = optionsOf(command)
  const unknown = [...values.keys()].find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw wrongUsage(`unexpected argument '--${unknown}' found`, `${words.join(' ')} [OPTIONS]`)
}

function singular(group: string): string {
  return group.endsWith('ies') ? `${group.slice(0, -3)}y` : group.replace(/s$/, '')
}

function commandOf(group: string, verb: string, words: readonly string[]): AdminVerb {
  const verbs = GROUPS.get(group)
  const command = verbs?.[verb]
  if (command !== undefined) return command
  const [first = '', second = ''] = words
  if (first === '') throw wrongUsage('no command', '[OPTIONS] <COMMAND>')
  if (verbs === undefined) {
    const word = group === '' ? second : first
    throw wrongUsage(`unrecognized subcommand '${word}'`, '[OPTIONS] <COMMAND>')
  }
  const usage = `${group} [OPTIONS] [${singular(group)}]`
  if (verb === '') throw wrongUsage(`'${group}' needs a subcommand`, usage)
  throw wrongUsage(`unrecognized subcommand '${verb}'`, usage)
}

function helpOf(group: string): string {
  const verbs = GROUPS.get(group)
  const lines =
    verbs === undefined
      ? [...GROUPS].map(([name, own]) => `  ${name.padEnd(20)} ${Object.keys(own).join(', ')}`)
      : Object.entries(verbs).map(([name, { required }]) =>
          `  ${name.padEnd(20)} ${required.map((option) => `--${option} <${option}>`).join(' ')}`.trimEnd(),
        )
  return `Usage: rabbitmqadmin [OPTIONS] ${verbs === undefined ? '<COMMAND>' : `${group} <COMMAND>`}\n\nCommands:\n${lines.join('\n')}\n`
}
