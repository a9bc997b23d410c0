/** Metrics by name: their type, and the sets of labels that their series have. */
export type Families = ReadonlyMap<string, Family>

export interface Family {
  readonly type: string
  /** Names with commas between them, each set once. */
  readonly labels: readonly string[]
}

/** What a text in Prometheus's format tells of. Throws an Error for one that is not in the format. */
export function familiesIn(text: string): Families {
  const families = new Map<string, { type: string; labels: string[] }>()
  for (const line of text.split('\n')) {
    const [, typed, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
    if (typed !== undefined && type !== undefined) {
      if (families.has(typed)) throw new Error(`${typed} is told of twice`)
      families.set(typed, { type, labels: [] })
    }
    if (line === '' || line.startsWith('#')) continue
    const [, name, pairs = ''] = SERIES.exec(line) ?? []
    const family = name === undefined ? undefined : familyOf(name, families)
    if (family === undefined) throw new Error(`nothing is known of '${line}'`)
    const labels = [...pairs.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label)
    const set = labels
      .filter((label) => label !== 'le')
      .sort()
      .join(',')
    if (!family.labels.includes(set)) family.labels.push(set)
  }
  return families
}

const SERIES = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (?:NaN|[+-]?Inf|-?[\d.]+(?:e[+-]?\d+)?)$/

function familyOf<T>(name: string, families: ReadonlyMap<string, T>): T | undefined {
  return families.get(name) ?? families.get(name.replace(/_(bucket|count|sum)$/, ''))
}

/** For each of their metrics what ours lacks, null where it lacks nothing; and what ours has that theirs has not. */
export function missingFrom(ours: Families, theirs: Families): readonly [string, string | null][] {
  const found: [string, string | null][] = []
  for (const [name, { type, labels }] of theirs) {
    const own = ours.get(name)
    if (own === undefined) found.push([name, 'is missing'])
    else if (own.type !== type) found.push([name, `is a ${own.type}, not a ${type}`])
    else {
      const missing = labels.filter((set) => !own.labels.includes(set))
      const surplus = own.labels.filter((set) => !labels.includes(set))
      const problems = [
        ...missing.map((set) => `has no series with {${set}}`),
        ...surplus.map((set) => `has series with {${set}}`),
      ]
      found.push([name, problems.length === 0 ? null : problems.join(', ')])
    }
  }
  for (const name of ours.keys()) if (!theirs.has(name)) found.push([name, 'is not known there'])
  return found
}
