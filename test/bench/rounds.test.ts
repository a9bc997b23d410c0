import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { BrokerUnderTest } from './brokers/broker.ts'
import { reportOf } from './report.ts'
import { findResult, loadResults, type Result, saveResults } from './results.ts'
import { runRounds } from './rounds.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

function scenario(name: string, rounds: number): Scenario {
  const found = SCENARIOS.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return { ...found, rounds }
}

/** A broker that is only named: what its runs measure is said by the test. */
function named(name: string): BrokerUnderTest {
  return { name, open: () => Promise.reject(new Error('never opened')), end: async () => {} }
}

const brokers = [named('Leveret'), named('other')]

test('brokers take turns, and every other round the last one goes first', async () => {
  const runs: string[] = []
  const scenarios = [scenario('a16', 2), scenario('b', 1)]
  const run = async (broker: BrokerUnderTest, { name }: Scenario) => {
    runs.push(`${name} ${broker.name}`)
    return { cpuUs: runs.length }
  }
  const results = await runRounds(scenarios, brokers, run, () => {})
  expect(runs).toEqual([
    'a16 Leveret',
    'a16 other',
    'b Leveret',
    'b other',
    'a16 other',
    'a16 Leveret',
  ])
  expect(findResult(results, 'a16', 'Leveret')?.rounds).toEqual([{ cpuUs: 1 }, { cpuUs: 6 }])
})

test('a broker that fails a scenario is not asked for it again', async () => {
  let attempts = 0
  const run = async (broker: BrokerUnderTest) => {
    if (broker.name === 'Leveret') return { cpuUs: 1 }
    attempts++
    throw new Error('stalled')
  }
  const results = await runRounds([scenario('b', 3)], brokers, run, () => {})
  expect(attempts).toBe(1)
  expect(findResult(results, 'b', 'other')?.failure).toBe('stalled')
  expect(findResult(results, 'b', 'Leveret')?.rounds.length).toBe(3)
})

test('the report shows medians, how much better the first broker is, and what was before', () => {
  const rounds = (...values: readonly number[]) => values.map((cpuUs) => ({ cpuUs }))
  const at = '2026-01-01T00:00:00.000Z'
  const result = (broker: string, ...values: readonly number[]): Result => {
    return { scenario: 'a16', broker, at, rounds: rounds(...values), failure: null }
  }
  const failed = { ...result('third'), failure: 'stalled' }
  const results = [result('Leveret', 2, 1, 3), result('other', 8), failed]
  const text = reportOf([scenario('a16', 3)], results, [result('Leveret', 4)])
  const [leveret = '', other = '', third = ''] = text.split('\n').slice(3)
  expect(leveret.split(/ +/)).toEqual(expect.arrayContaining(['a16', 'Leveret', '2', '1..3']))
  expect(leveret).toMatch(/ 4 +2$/) // before, and how much better now
  expect(other.split(/ +/).slice(0, 5)).toEqual(['a16', 'other', '8', '8..8', '4'])
  expect(third).toBe('a16  third    failed: stalled')
})

test('saved results keep those of other scenarios', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leveret-results-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'folder', 'results.json')
  const result = (name: string, cpuUs: number): Result => {
    return { scenario: name, broker: 'Leveret', at: '', rounds: [{ cpuUs }], failure: null }
  }
  expect(loadResults(path)).toBeNull()
  saveResults(path, [result('a16', 1), result('b', 2)])
  saveResults(path, [result('b', 3)])
  expect(loadResults(path)?.results).toEqual([result('a16', 1), result('b', 3)])
  writeFileSync(path, '{}')
  expect(() => loadResults(path)).toThrow('holds no results')
})
