import { DEFAULT_DISK_FREE_BYTES, DEFAULT_MEMORY_SHARE } from '../../common/resource-defaults.ts'
import type { ConfEntry } from '../conf-file.ts'
import type { Config, MemoryLimit } from '../config.ts'
import { BadEntry, type Option } from '../option.ts'
import { informationUnits } from '../sizes.ts'
import type { ValueType } from '../value-type.ts'

const bytes = informationUnits('LIMIT')

/** Bytes with a unit, a part of memory such as `0.6` or `60%`, or the word `none`. */
const limit: ValueType<MemoryLimit> = {
  placeholder: 'LIMIT',
  accepts: `${bytes.accepts.replace(' or 512MiB', '')}, or a part of memory such as 0.6, or 'none'`,
  parse(value) {
    if (value === 'none') return undefined
    if (/^\d+\.\d+$/.test(value)) return { ofMemory: Number(value) }
    const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(value) ?? []
    if (percent !== undefined) return { ofMemory: Number(percent) / 100 }
    const size = bytes.parse(value)
    return size === null ? null : { bytes: size }
  },
  format(value) {
    if (value === undefined) return 'none'
    return 'bytes' in value ? String(value.bytes) : String(value.ofMemory)
  },
}

/** What `relative` names is a part of memory even if it is a whole number. */
function limitFromConf(entries: readonly ConfEntry[]): MemoryLimit {
  const entry = entries.at(-1)
  if (entry === undefined) return undefined
  if (entry.key.endsWith('.relative') && /^\d+$/.test(entry.value)) {
    return { ofMemory: Number(entry.value) }
  }
  const value = limit.parse(entry.value)
  if (value === null) throw new BadEntry(entry, limit.accepts)
  return value
}

const LIMIT = { group: 'Limits', type: limit, fromConf: limitFromConf } as const

/** What memory and disk have to leave, or publishers are blocked. */
export const RESOURCES: { readonly [K in 'memoryLimit' | 'diskFreeLimit']: Option<Config[K]> } = {
  memoryLimit: {
    ...LIMIT,
    flag: 'memory-limit',
    env: 'LEVERET_MEMORY_LIMIT',
    conf: ['vm_memory_high_watermark.relative', 'vm_memory_high_watermark.absolute'],
    default: { ofMemory: DEFAULT_MEMORY_SHARE },
    help: 'Memory above which publishers are blocked, or none',
  },
  diskFreeLimit: {
    ...LIMIT,
    flag: 'disk-free-limit',
    env: 'LEVERET_DISK_FREE_LIMIT',
    conf: ['disk_free_limit.relative', 'disk_free_limit.absolute'],
    default: { bytes: DEFAULT_DISK_FREE_BYTES },
    help: 'Free disk below which publishers are blocked, or none',
  },
}
