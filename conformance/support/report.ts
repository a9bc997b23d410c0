import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import type { BrokerIdentity } from './case.ts'
import type { Result, Verdict } from './runner.ts'

const VERDICTS = ['passed', 'failed', 'differs', 'not there'] as const

/** The whole report as text; its last line is `N passed, N failed`. */
export function report(results: readonly Result[], broker: BrokerIdentity): string {
  const failed = results.filter((result) => result.verdict === 'failed')
  return [
    `${broker.product} ${broker.version}`,
    '',
    table(results),
    ...differences(results),
    ...missing(results),
    ...failed.flatMap((result) => ['', ...failure(result)]),
    '',
    `${count(results, 'passed')} passed, ${failed.length} failed`,
  ].join('\n')
}

/** What went wrong in one case, line by line. */
export function failure(result: Result): string[] {
  const lines = [`FAILED ${result.area}: ${result.name}`, `  source    ${result.source}`]
  if (result.error === null) return lines
  const { error } = result
  if (error instanceof AssertionError && error.expected !== undefined) {
    lines.push(...labelled('expected', show(error.expected)))
    lines.push(...labelled('received', show(error.actual)))
    if (!error.generatedMessage) lines.push(...labelled('that is', error.message))
  } else {
    lines.push(...labelled('error', error.message))
  }
  const place = /\(?(?:file:\/\/)?([^\s(]*conformance\/cases\/[^\s)]+)/.exec(error.stack ?? '')
  if (place?.[1] !== undefined) lines.push(`  at        ${place[1]}`)
  return lines
}

export function json(results: readonly Result[], broker: BrokerIdentity): string {
  const rows = results.map((result) => ({
    ...result,
    error: result.error === null ? null : failure(result).slice(2).join('\n'),
  }))
  return `${JSON.stringify({ broker, results: rows }, null, 2)}\n`
}

export function count(results: readonly Result[], verdict: Verdict): number {
  return results.filter((result) => result.verdict === verdict).length
}

function table(results: readonly Result[]): string {
  const areas = [...new Set(results.map((result) => result.area))]
  const width = Math.max(5, ...areas.map((area) => area.length))
  const row = (name: string, ...cells: (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(11))].join('')
  const counts = (some: readonly Result[]) => VERDICTS.map((verdict) => count(some, verdict))
  return [
    row('area', ...VERDICTS),
    ...areas.map((area) => row(area, ...counts(results.filter((result) => result.area === area)))),
    row('total', ...counts(results)),
  ].join('\n')
}

function differences(results: readonly Result[]): string[] {
  const known = results.filter((result) => result.verdict === 'differs')
  if (known.length === 0) return []
  return [
    '',
    ...known.map((result) => `${result.area}: ${result.name}: differs (${result.reason})`),
  ]
}

/** One line for each exchange type that the broker lacks. */
function missing(results: readonly Result[]): string[] {
  const absent = results.filter((result) => result.verdict === 'not there')
  const reasons = [...new Set(absent.map((result) => result.reason))]
  return reasons.map((reason, at) => {
    const cases = absent.filter((result) => result.reason === reason).length
    return `${at === 0 ? '\n' : ''}${cases} cases not run: ${reason}`
  })
}

function labelled(label: string, text: string): string[] {
  return text.split('\n').map((line, at) => `  ${(at === 0 ? label : '').padEnd(8)}  ${line}`)
}

function show(value: unknown): string {
  if (value instanceof RegExp || typeof value !== 'object') return inspect(value)
  return inspect(value, { depth: 8, breakLength: 88, maxStringLength: 2000 })
}
