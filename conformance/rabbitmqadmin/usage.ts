/** A command that a tool says it has. */
export interface Command {
  readonly words: readonly string[]
  /** What it may be told as `name=value`. */
  readonly options: readonly string[]
}

/** What a tool can do, by its own word. */
export interface Usage {
  readonly commands: readonly Command[]
  /** Long names of the options that stand before a command, without dashes. */
  readonly flags: readonly string[]
  readonly formats: readonly string[]
}

/** Reads what `rabbitmqadmin help subcommands` and `rabbitmqadmin --help` print. */
export function usageOf(subcommands: string, help: string): Usage {
  const [, formats = ''] = /one of\s+\[([^\]]+)\]/.exec(help) ?? []
  return {
    commands: subcommands.split('\n').flatMap(commandOf),
    flags: [...help.matchAll(/^--([a-z-]+)/gm)].map(([, flag = '']) => flag),
    formats: formats.split(',').map((format) => format.trim()),
  }
}

/** A verb, mostly with a type of object, before options, columns or a file. */
function commandOf(line: string): readonly Command[] {
  const match = /^ {2}([a-z]+)(?: ([a-z_]+))? (\[?(?:<|[a-z_-]+=).*)$/.exec(line)
  const [, verb = '', type, rest = ''] = match ?? []
  if (verb === '') return []
  const options = [...rest.matchAll(/([a-z_-]+)=/g)].map(([, option = '']) => option)
  return [{ words: type === undefined ? [verb] : [verb, type], options }]
}

/** A command line that was carried out. */
export interface DoneCommand {
  readonly words: readonly string[]
}

/** What of a tool's usage no command line has used, in words; `excused` are flags that need not be. */
export function unused(
  { commands, flags, formats }: Usage,
  done: readonly DoneCommand[],
  excused: ReadonlySet<string>,
): readonly string[] {
  const lines = done.map(({ words }) => words)
  return [
    ...commands.flatMap((command) => unusedOf(command, lines)),
    ...formats
      .filter((format) => !lines.some((words) => words.includes(format)))
      .map((format) => `no case has the format ${format}`),
    ...flags
      .filter((flag) => !excused.has(flag) && !lines.some((words) => hasFlag(words, flag)))
      .map((flag) => `no case has the option --${flag}`),
  ]
}

function unusedOf(
  { words, options }: Command,
  lines: readonly (readonly string[])[],
): readonly string[] {
  const name = words.join(' ')
  const uses = lines.filter((line) => ` ${line.join(' ')} `.includes(` ${name} `))
  if (uses.length === 0) return [`no case runs ${name}`]
  return options
    .filter((option) => !uses.some((line) => line.some((word) => word.startsWith(`${option}=`))))
    .map((option) => `no case runs ${name} with ${option}=`)
}

function hasFlag(words: readonly string[], flag: string): boolean {
  return words.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))
}
