import { parseArgs } from 'node:util'

type Defaults = Record<string, number | string>

/**
 * Reads `--name NUMBER` and `--name TEXT` from the command line; what is not given has its default, which also says
 * which of the two it is. The process ends here when `--help` is among them, and with 2 for a name that is not there and
 * for what is no number.
 */
export function readArguments<T extends Defaults>(defaults: T): T {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText(defaults))
    process.exit(0)
  }
  try {
    return read(defaults)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  }
}

function helpText(defaults: Defaults): string {
  const lines = Object.entries(defaults).map(([name, value]) => {
    const kind = typeof value === 'number' ? 'NUMBER' : 'TEXT'
    return `  --${name} ${kind}${value === '' ? '' : `  (${value})`}\n`
  })
  return `Options, with what they are if not given:\n${lines.join('')}`
}

function read<T extends Defaults>(defaults: T): T {
  const names = Object.keys(defaults)
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const)),
  })
  const found = { ...defaults }
  for (const [name, text] of Object.entries(values)) {
    if (typeof text !== 'string') continue
    const value = typeof defaults[name] === 'number' ? numberOf(name, text) : text
    Object.assign(found, { [name]: value })
  }
  return found
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number from 0`)
  return value
}
