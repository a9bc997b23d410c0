import { nearest } from './nearest.ts'

/** What the command line says, before any value is looked at. */
export type Flags = {
  /** Texts by flag name; of a flag given twice the last counts. */
  readonly values: ReadonlyMap<string, string>
  /** One line for each thing that is no known flag with its value. */
  readonly problems: readonly string[]
}

/** Reads `--name value` and `--name=value`; every known flag takes a value. */
export function readFlags(args: readonly string[], known: readonly string[]): Flags {
  const values = new Map<string, string>()
  const problems: string[] = []
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('-')) {
      problems.push(`unexpected argument '${arg}'`)
      continue
    }
    const [flag, inlineValue] = splitAtEquals(arg)
    const value = inlineValue ?? (isValue(rest[0]) ? rest.shift() : undefined)
    const name = flag.slice(2)
    if (!flag.startsWith('--') || !known.includes(name)) {
      problems.push(`unknown flag ${flag}${suggestion(flag, known)}`)
    } else if (value === undefined || value === '') {
      problems.push(`${flag} needs a value`)
    } else {
      values.set(name, value)
    }
  }
  return { values, problems }
}

function splitAtEquals(arg: string): [string, string | undefined] {
  const at = arg.indexOf('=')
  return at === -1 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

/** A negative number is a value that may be out of bounds, not a flag. */
function isValue(arg: string | undefined): boolean {
  return arg !== undefined && (!arg.startsWith('-') || /^-\d/.test(arg))
}

function suggestion(flag: string, known: readonly string[]): string {
  const name = nearest(flag.replace(/^-+/, ''), known)
  return name === null ? '' : `, did you mean --${name}?`
}
