import { nearest } from '../config/nearest.ts'

/** What the command is asked to do. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | {
      readonly name: 'serve'
      readonly args: readonly string[]
      /** In a process of its own, as `rabbitmq-server -detached`. */
      readonly isDetached: boolean
    }
  | { readonly name: 'ctl'; readonly args: readonly string[] }
  | StoreCommand
  | { readonly name: 'unknown'; readonly problem: string }

/** Looks into a data directory. */
export type StoreCommand = {
  readonly name: 'store'
  readonly action: 'inspect' | 'verify'
  readonly directory: string
  /** One JSON object instead of text. */
  readonly isJson: boolean
}

/** Reads `leveret [serve] [-detached] [flags]` and `leveret store ACTION DIR`. Asking for help or the version counts wherever it stands. */
export function readCommandLine(args: readonly string[]): Command {
  if (args[0] === 'ctl') return { name: 'ctl', args: args.slice(1) }
  if (args.includes('--help') || args.includes('-h')) return { name: 'help' }
  if (args.includes('--version') || args.includes('-v')) return { name: 'version' }
  const [first, ...rest] = args
  if (first === undefined || first.startsWith('-')) return serving(args)
  if (first === 'serve') return serving(rest)
  if (first === 'store') return readStoreCommand(rest)
  if (first === 'help' || first === 'version') return { name: first }
  return unknown('command', first, ['serve', 'store', 'ctl', 'help', 'version'])
}

function serving(args: readonly string[]): Command {
  const own = args.filter((arg) => arg !== '-detached')
  return { name: 'serve', args: own, isDetached: own.length < args.length }
}

function readStoreCommand([action, ...rest]: readonly string[]): Command {
  if (action !== 'inspect' && action !== 'verify') {
    if (action === undefined) return problem('store needs inspect or verify, and a directory')
    return unknown('command', `store ${action}`, ['store inspect', 'store verify'])
  }
  const [directory, ...more] = rest.filter((arg) => arg !== '--json')
  const [surplus] = directory?.startsWith('-') ? [directory] : more
  if (surplus?.startsWith('-')) return unknown('flag', surplus, ['--json'])
  if (surplus !== undefined) return problem(`unexpected argument '${surplus}'`)
  if (directory === undefined) return problem(`store ${action} needs a directory`)
  return { name: 'store', action, directory, isJson: rest.includes('--json') }
}

function unknown(what: string, word: string, known: readonly string[]): Command {
  const meant = nearest(word, known)
  const suggestion = meant === null ? '' : `, did you mean ${meant}?`
  return problem(`unknown ${what} '${word}'${suggestion}`)
}

function problem(text: string): Command {
  return { name: 'unknown', problem: text }
}
