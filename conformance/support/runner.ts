import { type Area, type ConformanceCase, reasonFor } from './case.ts'
import { Session } from './session.ts'
import { StrayErrors } from './stray-errors.ts'
import type { Target } from './target.ts'

export const CASE_TIMEOUT_MS = 10_000

/**
 * `differs`: it failed, and there is a written reason why this broker should.
 * `not there`: it was not run, because the broker lacks the exchange type that it needs.
 */
export type Verdict = 'passed' | 'failed' | 'differs' | 'not there'

export type Result = {
  readonly area: string
  readonly name: string
  readonly source: string
  readonly verdict: Verdict
  readonly durationMs: number
  /** What went wrong; null where nothing did. */
  readonly error: Error | null
  /** The written reason, where the verdict is `differs`; what is missing, where it is `not there`. */
  readonly reason: string | null
}

/** Runs the cases one after the other. */
export async function runAreas(
  areas: readonly Area[],
  target: Target,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  for (const area of areas) {
    for (const item of area.cases) {
      const result = await runCase(area.name, item, target)
      results.push(result)
      onResult(result)
    }
  }
  return results
}

async function runCase(area: string, item: ConformanceCase, target: Target): Promise<Result> {
  const { name, source, needs } = item
  if (needs !== undefined && !(await target.hasExchangeType(needs))) {
    const reason = `no exchange type ${needs}`
    return { area, name, source, verdict: 'not there', durationMs: 0, error: null, reason }
  }
  const startedAt = performance.now()
  const error = await attempt(item, target)
  const durationMs = Math.round(performance.now() - startedAt)
  const known = reasonFor(item, target.broker)
  const result = { area, name, source, durationMs }
  if (known === null) {
    return { ...result, verdict: error === null ? 'passed' : 'failed', error, reason: null }
  }
  if (error !== null) return { ...result, verdict: 'differs', error, reason: known }
  const outOfDate = new Error(`the case holds here, so its reason is out of date: ${known}`)
  return { ...result, verdict: 'failed', error: outOfDate, reason: null }
}

/** Runs one case to its end, whatever it does, and cleans up after it. */
async function attempt(item: ConformanceCase, target: Target): Promise<Error | null> {
  const session = new Session(target)
  const stray = new StrayErrors()
  const run = Promise.race([item.run(session), stray.first])
  let error = await outcome(run, () => ['the case', ...session.awaited()].join(', awaiting '))
  const cleaned = await outcome(session.cleanUp(), () => 'its clean-up')
  error ??= cleaned
  stray.stop()
  return error
}

async function outcome(work: Promise<void>, what: () => string): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const late = () => new Error(`not done after ${CASE_TIMEOUT_MS} ms: ${what()}`)
    timer = setTimeout(() => reject(late()), CASE_TIMEOUT_MS)
  })
  try {
    await Promise.race([work, timeout])
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    clearTimeout(timer)
  }
}
