import type { ConfEntry } from './conf-file.ts'
import { INERT_KEYS, inertUnder } from './inert.ts'
import { interpolate } from './interpolate.ts'
import { withoutLegacy } from './legacy-listener.ts'
import { nearest } from './nearest.ts'

/** What configuration files come to: the last entry of every key, in the order of the files, and what to say of them. */
export class ConfSettings {
  readonly warnings: string[] = []
  readonly problems: string[] = []
  private readonly entries = new Map<string, ConfEntry>()

  constructor(all: readonly ConfEntry[], env: { readonly [name: string]: string | undefined }) {
    const raw = new Map(all.map((entry) => [entry.key, entry.value]))
    const lookup = (name: string) => raw.get(name) ?? env[name]
    for (const entry of withoutLegacy(all)) {
      const filled = interpolate(entry.value, lookup)
      this.entries.delete(entry.key)
      if ('problem' in filled) this.problems.push(`${entry.place}: ${filled.problem}`)
      else this.entries.set(entry.key, { ...entry, value: filled.text })
    }
  }

  /** The entries of keys with these patterns. */
  under(patterns: readonly string[]): readonly ConfEntry[] {
    const expressions = patterns.map(expressionOf)
    return [...this.entries.values()].filter(({ key }) =>
      expressions.some((expression) => expression.test(key)),
    )
  }

  /** Warns of what no option takes: keys that have no effect here, and keys that RabbitMQ does not know either. */
  warnOfOthers(patterns: readonly string[]): void {
    const expressions = patterns.map(expressionOf)
    for (const { key, value, place } of this.entries.values()) {
      if (expressions.some((expression) => expression.test(key))) continue
      const inert = inertUnder(key, INERT_KEYS)
      if (inert === undefined)
        this.warnings.push(`${place}: unknown key ${key}${hint(key, patterns)}`)
      else if (!inert.isHarmless && !inert.asItIs?.includes(value)) {
        this.warnings.push(`${place}: ${key} has no effect: ${inert.reason}`)
      }
    }
  }
}

/** `$name` stands for one word or more: names of users have dots too. */
function expressionOf(pattern: string): RegExp {
  const escaped = pattern.split('.').map((word) => (word.startsWith('$') ? '.+' : word))
  return new RegExp(`^${escaped.join('\\.')}$`)
}

function hint(key: string, patterns: readonly string[]): string {
  const known = nearest(key, patterns)
  return known === null ? '' : `, did you mean ${known}?`
}
