import { nearest } from '../config/nearest.ts'

/** What the command is asked to do. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'serve'; readonly args: readonly string[] }
  | { readonly name: 'unknown'; readonly problem: string }

/** Reads `leveret [serve] [flags]`. Asking for help or the version counts wherever it stands. */
export function readCommandLine(args: readonly string[]): Command {
  if (args.includes('--help') || args.includes('-h')) return { name: 'help' }
  if (args.includes('--version') || args.includes('-v')) return { name: 'version' }
  const [first, ...rest] = args
  if (first === undefined || first.startsWith('-')) return { name: 'serve', args }
  if (first === 'serve') return { name: 'serve', args: rest }
  if (first === 'help' || first === 'version') return { name: first }
  const meant = nearest(first, ['serve', 'help', 'version'])
  const suggestion = meant === null ? '' : `, did you mean ${meant}?`
  return { name: 'unknown', problem: `unknown command '${first}'${suggestion}` }
}
