import { patternOf } from '../../common/pattern.ts'
import { type ConfEntry, readConfFile } from '../conf-file.ts'
import type { DefaultLimits, DefaultPolicy, DefaultUser, VhostDefaults } from '../config.ts'
import { BadEntry, type Option } from '../option.ts'
import { informationUnits } from '../sizes.ts'
import { integer, namesOrNone, type ValueType } from '../value-type.ts'

const LIMITS = 'default_limits.vhosts.'
const POLICIES = 'default_policies.operator.'
const USERS = 'default_users.'

const OURS = [LIMITS, POLICIES, USERS]

const count = integer('COUNT', 0, Number.MAX_SAFE_INTEGER)
const bytes = informationUnits('BYTES')
const tags = namesOrNone('TAGS')

/** Milliseconds with units, of which there may be several: `1d12h`. */
const duration: ValueType<number> = {
  placeholder: 'DURATION',
  accepts: 'a time such as 500ms, 30s or 1d12h',
  parse(text) {
    if (/^\d+$/.test(text)) return Number(text)
    if (!/^(\d+(ms|[fwdhms]))+$/.test(text)) return null
    return [...text.matchAll(/(\d+)(ms|[fwdhms])/g)].reduce(
      (sum, [, digits, unit = '']) => sum + Number(digits) * (UNITS.get(unit) ?? 1),
      0,
    )
  },
  format: String,
}

const regularExpression: ValueType<string> = {
  placeholder: 'PATTERN',
  accepts: 'a regular expression',
  parse(text) {
    try {
      patternOf(text)
      return text
    } catch {
      return null
    }
  },
  format: String,
}

const UNITS = new Map([
  ['f', 1_209_600_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
])

/** What an operator policy sets, under RabbitMQ's names in files. */
const POLICY_VALUES = new Map<string, ValueType<number>>([
  ['expires', duration],
  ['message_ttl', duration],
  ['max_length', count],
  ['max_length_bytes', bytes],
  ['delivery_limit', count],
])

const USER_KEYS = ['vhost_pattern', 'password', 'tags', 'configure', 'write', 'read']

const KEYS: readonly string[] = [
  ...['pattern', 'max_connections', 'max_queues'].map((name) => `${LIMITS}$id.${name}`),
  ...['vhost_pattern', 'queue_pattern', ...POLICY_VALUES.keys()].map(
    (name) => `${POLICIES}$id.${name}`,
  ),
  ...USER_KEYS.map((name) => `${USERS}$name.${name}`),
]

/** Settings as they stand in rabbitmq.conf, with semicolons between them, or the word `none`. */
const settings: ValueType<VhostDefaults> = {
  placeholder: 'SETTINGS',
  accepts: "settings such as default_limits.vhosts.all.max_queues=9;…, or 'none'",
  parse(text) {
    if (text === 'none') return NONE
    const { entries, problems } = readConfFile(text.replaceAll(';', '\n'), '')
    const areOurs = entries.every(({ key }) => OURS.some((prefix) => key.startsWith(prefix)))
    try {
      return problems.length === 0 && areOurs ? defaultsFrom(entries) : null
    } catch (error) {
      if (error instanceof BadEntry) return null
      throw error
    }
  },
  format: ({ limits, operatorPolicies, users }) =>
    limits.length + operatorPolicies.length + users.length === 0 ? 'none' : 'some',
}

const NONE: VhostDefaults = { limits: [], operatorPolicies: [], users: [] }

/** What new vhosts begin with. */
export const VHOST_DEFAULTS: { readonly vhostDefaults: Option<VhostDefaults> } = {
  vhostDefaults: {
    flag: 'vhost-defaults',
    env: 'LEVERET_VHOST_DEFAULTS',
    conf: KEYS,
    group: 'Users',
    type: settings,
    default: NONE,
    help: 'Limits, operator policies and users of new vhosts',
    fromConf: defaultsFrom,
  },
}

function defaultsFrom(entries: readonly ConfEntry[]): VhostDefaults {
  return {
    limits: grouped(entries, LIMITS).map(([, fields]) => limitsOf(fields)),
    operatorPolicies: grouped(entries, POLICIES).map(([name, fields]) => policyOf(name, fields)),
    users: grouped(entries, USERS).map(([name, fields]) => userOf(name, fields)),
  }
}

type Fields = ReadonlyMap<string, ConfEntry>

/** The entries below a key by the name that follows, which may have dots, and by their last word. */
function grouped(entries: readonly ConfEntry[], prefix: string): [string, Fields][] {
  const groups = new Map<string, Map<string, ConfEntry>>()
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) continue
    const at = entry.key.lastIndexOf('.')
    const name = entry.key.slice(prefix.length, at)
    const fields = groups.get(name) ?? new Map<string, ConfEntry>()
    groups.set(name, fields.set(entry.key.slice(at + 1), entry))
  }
  return [...groups]
}

function limitsOf(fields: Fields): DefaultLimits {
  return {
    ...under('vhostPattern', valueOf(fields.get('pattern'), regularExpression)),
    ...under('maxConnections', valueOf(fields.get('max_connections'), count)),
    ...under('maxQueues', valueOf(fields.get('max_queues'), count)),
  }
}

function policyOf(name: string, fields: Fields): DefaultPolicy {
  const definition = [...POLICY_VALUES].flatMap(([key, type]) => {
    const value = valueOf(fields.get(key), type)
    return value === undefined ? [] : [[key.replaceAll('_', '-'), value] as const]
  })
  return {
    name,
    ...under('vhostPattern', valueOf(fields.get('vhost_pattern'), regularExpression)),
    ...under('queuePattern', valueOf(fields.get('queue_pattern'), regularExpression)),
    definition: Object.fromEntries(definition),
  }
}

function userOf(name: string, fields: Fields): DefaultUser {
  return {
    name,
    ...under('vhostPattern', valueOf(fields.get('vhost_pattern'), regularExpression)),
    ...under('password', fields.get('password')?.value),
    ...under('tags', valueOf(fields.get('tags'), tags)),
    ...under('configure', valueOf(fields.get('configure'), regularExpression)),
    ...under('write', valueOf(fields.get('write'), regularExpression)),
    ...under('read', valueOf(fields.get('read'), regularExpression)),
  }
}

/** A value under a name, if there is one. */
function under<K extends string, T>(name: K, value: T | undefined): { readonly [_ in K]?: T } {
  const named: { [_ in K]?: T } = {}
  if (value !== undefined) named[name] = value
  return named
}

function valueOf<T>(entry: ConfEntry | undefined, type: ValueType<T>): T | undefined {
  if (entry === undefined) return undefined
  const value = type.parse(entry.value)
  if (value === null) throw new BadEntry(entry, type.accepts)
  return value
}
