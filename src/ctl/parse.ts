import { type Command, Options } from './command.ts'

/** A command line, taken apart. */
export interface Parsed {
  /** The name of the command; null without one. */
  readonly name: string | null
  readonly args: readonly string[]
  readonly options: Options
  /** What is no option of the command, with its value. */
  readonly invalid: readonly (readonly [option: string, value: string])[]
}

type OptionType = 'flag' | 'text' | 'number'

/** Options of every command, by their long names. */
const COMMON: Readonly<Record<string, OptionType>> = {
  node: 'text',
  quiet: 'flag',
  silent: 'flag',
  timeout: 'number',
  longnames: 'flag',
  vhost: 'text',
  formatter: 'text',
  printer: 'text',
  help: 'flag',
  version: 'flag',
  'script-name': 'text',
  'erlang-cookie': 'text',
  'dry-run': 'flag',
  'data-dir': 'text',
  api: 'text',
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['n', 'node'],
  ['q', 'quiet'],
  ['s', 'silent'],
  ['t', 'timeout'],
  ['l', 'longnames'],
  ['p', 'vhost'],
  ['?', 'help'],
  ['h', 'help'],
])

/**
 * Takes a command line apart. Options stand anywhere; the first word that is none names the command, which `find` knows by
 * its name.
 */
export function parseArguments(
  words: readonly string[],
  find: (name: string) => Command | undefined,
  isSwitch: (name: string) => boolean,
): Parsed {
  const first = scan(words, {}, isSwitch)
  const [name = null] = first.args
  const command = name === null ? undefined : find(name)
  if (command === undefined) return { ...first, name, args: first.args.slice(1) }
  const { args, options, invalid } = scan(words, command.options ?? {}, () => false)
  return { name, args: args.slice(1), options, invalid }
}

type Scanned = Omit<Parsed, 'name'>

/** `isSwitch` tells which unknown options have no value, while nobody knows the command yet. */
function scan(
  words: readonly string[],
  own: Readonly<Record<string, OptionType>>,
  isSwitch: (name: string) => boolean,
): Scanned {
  const types: Readonly<Record<string, OptionType>> = { ...COMMON, ...own }
  const args: string[] = []
  const values = new Map<string, string | true>()
  const invalid: [string, string][] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--') {
      args.push(...words.slice(at + 1))
      break
    }
    if (!isOption(word)) {
      args.push(word)
      continue
    }
    const { shown, name, given } = nameOf(word, own)
    const type = types[name] ?? (isSwitch(name) ? 'flag' : undefined)
    if (type === undefined) invalid.push([shown, given ?? ''])
    else if (type === 'flag') {
      if (given !== 'false') values.set(name, true)
    } else {
      const value = given ?? words[at + 1]
      if (given === null) at++
      if (value === undefined) invalid.push([shown, ''])
      else if (type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) invalid.push([shown, value])
      else values.set(name, value)
    }
  }
  return { args, options: new Options(values), invalid }
}

/** A negative number is none. */
function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-\d/.test(word)
}

function nameOf(word: string, own: Readonly<Record<string, OptionType>>) {
  const at = word.indexOf('=')
  const shown = at < 0 ? word : word.slice(0, at)
  const given = at < 0 ? null : word.slice(at + 1)
  const bare = shown.replace(/^--?/, '').replaceAll('_', '-')
  if (shown.startsWith('--')) return { shown, name: bare, given }
  const long = SHORT.get(bare) ?? Object.keys(own).find((name) => OWN_SHORT.get(name) === bare)
  return { shown, name: long ?? bare, given }
}

/** One letter for options that some commands have. */
const OWN_SHORT: ReadonlyMap<string, string> = new Map([
  ['enabled', 'E'],
  ['implicitly-enabled', 'e'],
  ['verbose', 'v'],
  ['minimal', 'm'],
  ['number', 'N'],
  ['unit', 'u'],
])
