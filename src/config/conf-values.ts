import type { ConfEntry } from './conf-file.ts'
import type { Endpoint } from './config.ts'
import { BadEntry } from './option.ts'
import type { ValueType } from './value-type.ts'

/** The names under a key that are set to true: `loopback_users.guest = true`. The key itself may be `none`. */
export function namesSetTrue(key: string): (entries: readonly ConfEntry[]) => readonly string[] {
  return (entries) =>
    entries.flatMap((entry) => {
      if (entry.key === key) {
        if (entry.value === 'none') return []
        throw new BadEntry(entry, "'none', or true or false for each name")
      }
      return isTrue(entry) ? [entry.key.slice(key.length + 1)] : []
    })
}

/** The values of numbered keys, in the order of their numbers: `ssl_options.versions.1 = tlsv1.3`. */
export function numbered<T>(
  type: ValueType<readonly T[]>,
): (entries: readonly ConfEntry[]) => readonly T[] {
  return (entries) =>
    [...entries]
      .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }))
      .flatMap((entry) => {
        const values = entry.value === 'none' ? [] : type.parse(entry.value)
        if (values === null) throw new BadEntry(entry, type.accepts)
        return values
      })
}

/** Listeners under a key: `listeners.tcp.default = 5672`, `listeners.tcp.local = 127.0.0.1:5673`, `listeners.tcp = none`. */
export function listenersUnder(
  key: string,
): (entries: readonly ConfEntry[]) => readonly Endpoint[] {
  return (entries) => {
    const last = entries.at(-1)
    if (last?.key === key && last.value === 'none') return []
    return entries.flatMap((entry) => {
      if (entry.key === key && entry.value === 'none') return []
      const endpoint = endpointOf(entry.value)
      if (endpoint === null) throw new BadEntry(entry, 'a port, or an address and a port')
      return [endpoint]
    })
  }
}

/** `5672`, `127.0.0.1:5672`, `::1:5672` or `[::1]:5672`; null for anything else. */
export function endpointOf(text: string): Endpoint | null {
  const [, address, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === undefined || port > 65_535) return null
  return { host: address?.replace(/^\[(.*)\]$/, '$1') ?? null, port }
}

function isTrue(entry: ConfEntry): boolean {
  if (entry.value === 'true') return true
  if (entry.value === 'false') return false
  throw new BadEntry(entry, 'true or false')
}
