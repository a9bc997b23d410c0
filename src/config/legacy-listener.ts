import type { ConfEntry } from './conf-file.ts'

/**
 * The entries with today's names for `management.listener.*`, with which one listener was set up, plain or with TLS
 * (RabbitMQ documentation, management, "legacy").
 */
export function withoutLegacy(entries: readonly ConfEntry[]): readonly ConfEntry[] {
  const said = entries.findLast(({ key }) => key === `${LEGACY}ssl`)
  const isTls = said?.value === 'true'
  const today = isTls ? 'management.ssl.' : 'management.tcp.'
  return entries.flatMap((entry) => {
    if (!entry.key.startsWith(LEGACY)) return [entry]
    const name = entry.key.slice(LEGACY.length)
    if (name === 'ssl' && (entry.value === 'true' || entry.value === 'false')) return []
    if (name.startsWith('ssl_opts.')) {
      return isTls ? [{ ...entry, key: `${today}${name.slice('ssl_opts.'.length)}` }] : []
    }
    return NAMES.has(name) ? [{ ...entry, key: `${today}${name}` }] : [entry]
  })
}

const LEGACY = 'management.listener.'
const NAMES = new Set(['port', 'ip'])
