/**
 * What differs between two values of JSON, as `path: what`; lists of objects are matched by what names their items. Of
 * what lies at a `volatile` path only the type counts.
 */
export function treeDifferences(
  theirs: unknown,
  ours: unknown,
  volatile: RegExp | null = null,
  path = '',
): readonly string[] {
  if (volatile?.test(path)) return kindDifferences(theirs, ours, path)
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    return listDifferences(theirs, ours, volatile, path)
  }
  if (isObject(theirs) && isObject(ours)) return objectDifferences(theirs, ours, volatile, path)
  if (theirs === ours) return []
  return [`${path || 'value'}: ${textOf(ours)} instead of ${textOf(theirs)}`]
}

function kindDifferences(theirs: unknown, ours: unknown, path: string): readonly string[] {
  const [want, have] = [kindOf(theirs), kindOf(ours)]
  return want === have ? [] : [`${path}: ${have} instead of ${want}`]
}

function listDifferences(
  theirs: readonly unknown[],
  ours: readonly unknown[],
  volatile: RegExp | null,
  path: string,
): readonly string[] {
  if (![...theirs, ...ours].every(isObject)) {
    const [want, have] = [theirs, ours].map((list) => JSON.stringify(list))
    return want === have ? [] : [`${path}: ${have} instead of ${want}`]
  }
  const [want, have] = [byName(theirs), byName(ours)]
  return objectDifferences(want, have, volatile, path)
}

function objectDifferences(
  theirs: object,
  ours: object,
  volatile: RegExp | null,
  path: string,
): readonly string[] {
  const [want, have] = [new Map(Object.entries(theirs)), new Map(Object.entries(ours))]
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return [...new Set([...want.keys(), ...have.keys()])].flatMap((name) => {
    if (!have.has(name)) return [`${at(name)}: missing`]
    if (!want.has(name)) return [`${at(name)}: more than expected`]
    return treeDifferences(want.get(name), have.get(name), volatile, at(name))
  })
}

/** The items of a list by what names them; those of one name are told apart by their place. */
function byName(list: readonly unknown[]): object {
  const named = new Map<string, unknown>()
  for (const item of list) {
    const name = nameOf(item)
    let unique = name
    for (let copy = 2; named.has(unique); copy++) unique = `${name}#${copy}`
    named.set(unique, item)
  }
  return Object.fromEntries(named)
}

const NAMING = [
  'vhost',
  'component',
  'user_provided_name',
  'source',
  'destination',
  'destination_type',
  'routing_key',
  'properties_key',
  'user',
  'exchange',
  'consumer_tag',
  'number',
  'payload',
]

/** A client's connections and channels have names with a port in them. */
function nameOf(item: unknown): string {
  if (!isObject(item)) return ''
  const fields = new Map(Object.entries(item))
  const name = String(fields.get('name') ?? '')
  const values = NAMING.map((field) => fields.get(field)).filter(
    (value) => typeof value === 'string' || typeof value === 'number',
  )
  const words = /->/.test(name) ? values : [name, ...values]
  return `[${words.filter((word) => word !== '').join(' ')}]`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
