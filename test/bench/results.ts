import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Measures } from './load/job.ts'

/** What all rounds of one scenario measured on one broker. */
export interface Result {
  readonly scenario: string
  readonly broker: string
  /** When it was measured, as ISO 8601. */
  readonly at: string
  readonly rounds: readonly Measures[]
  /** Why it failed; null when it did not. */
  readonly failure: string | null
}

/** What is saved of runs, the latest result of each scenario and broker. */
export interface Saved {
  readonly node: string
  readonly results: readonly Result[]
}

/** Null when there is no such file. Throws for one that holds something else. */
export function loadResults(path: string): Saved | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  const saved: Saved = JSON.parse(text)
  if (!Array.isArray(saved.results)) throw new Error(`${path} holds no results`)
  return saved
}

/** Puts results into a file, in place of those of the same scenarios and brokers; it keeps the others. */
export function saveResults(path: string, results: readonly Result[]): void {
  const old = loadResults(path)?.results ?? []
  const kept = old.filter((each) => !results.some((result) => isSame(each, result)))
  const saved: Saved = { node: process.version, results: [...kept, ...results] }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(saved, null, 2)}\n`)
}

/** Undefined when there is none. */
export function findResult(
  results: readonly Result[],
  scenario: string,
  broker: string,
): Result | undefined {
  return results.find((each) => each.scenario === scenario && each.broker === broker)
}

function isSame(one: Result, other: Result): boolean {
  return one.scenario === other.scenario && one.broker === other.broker
}
