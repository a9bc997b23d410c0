import { existsSync } from 'node:fs'
import { loadAreas } from './support/areas.ts'
import { SECTIONS, type Section } from './support/sections.ts'

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  },
)

/**
 * Maps every section of the pages on core semantics and errors to what shows it: conformance cases that name it as
 * their source, tests, or the reason why there is none. A section without any of these is a failure.
 */
async function main(): Promise<number> {
  const counts = await casesBySection()
  let failed = 0
  for (const section of SECTIONS) {
    const cases = counts.get(section.id) ?? 0
    const missing = (section.tests ?? []).filter(
      (path) => !existsSync(new URL(`../${path}`, import.meta.url)),
    )
    const isShown = cases > 0 || section.tests !== undefined || section.leftOut !== undefined
    if (!isShown || missing.length > 0) failed++
    print(line(section, cases, missing, isShown))
  }
  print(`${SECTIONS.length - failed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** How many cases name each section: `errors.md 5.7` counts for that and not for `errors.md 5`. */
async function casesBySection(): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { cases } of await loadAreas()) {
    for (const { source } of cases) {
      for (const id of sectionsIn(source)) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
  }
  return counts
}

/** `core-semantics.md 2.1, 3.1` names two sections; what stands for a capture of dead letters names section 6. */
function sectionsIn(source: string): string[] {
  if (source.includes('x-death')) return ['core-semantics.md 6']
  const [, page, numbers] = /^(core-semantics\.md|errors\.md) ([\d., ]+)/.exec(source) ?? []
  if (page === undefined || numbers === undefined) return []
  return numbers.split(',').map((number) => `${page} ${number.trim()}`)
}

function line(section: Section, cases: number, missing: string[], isShown: boolean): string {
  const shown = [
    cases > 0 ? `${cases} cases` : '',
    ...(section.tests ?? []),
    section.leftOut === undefined ? '' : `left out: ${section.leftOut}`,
    ...missing.map((path) => `MISSING ${path}`),
    isShown ? '' : 'NOTHING SHOWS IT',
  ].filter((text) => text !== '')
  return `${section.id.padEnd(24)}${section.title.padEnd(34)}${shown.join(', ')}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
