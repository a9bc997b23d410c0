import { parseArgs } from 'node:util'

/**
 * Reads `--name NUMBER` and `--name TEXT` from the command line; what is not given has its default, which also says
 * which of the two it is. Throws for a name that is not there and for what is no number.
 */
export function readArguments<T extends Record<string, number | string>>(defaults: T): T {
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
