import type { Broker } from '../../src/index.ts'
import { StrayErrors } from '../support/stray-errors.ts'
import { Target } from '../support/target.ts'
import { DIFFERENCES, REASONS } from './difference.ts'
import { NotYet, notYetReason } from './not-yet.ts'
import type { ObservedCase } from './observed-case.ts'
import { operatorOf } from './operator.ts'
import { Scene } from './scene.ts'

const CASE_TIMEOUT_MS = 6_000

export type Verdict = 'equal' | 'different' | 'not yet' | 'failed'

export type Result = {
  readonly item: ObservedCase
  readonly verdict: Verdict
  /** What came, or what went wrong; the reason where nothing is wrong. */
  readonly detail: string
}

/** Where the cases run: a Leveret of this process for each of them, or one broker at a URL. */
export type Ground = { readonly url: string | null }

export async function runCases(
  cases: readonly ObservedCase[],
  ground: Ground,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of cases) {
    const result = judge(item, await attempt(item, ground), ground)
    results.push(result)
    onResult(result)
  }
  return results
}

type Attempt = { readonly received: string } | { readonly error: Error }

function judge(item: ObservedCase, tried: Attempt, ground: Ground): Result {
  const difference = DIFFERENCES[item.name]
  if ('error' in tried) {
    if (tried.error instanceof NotYet) {
      return { item, verdict: 'not yet', detail: tried.error.message }
    }
    return failure(item, tried.error.message)
  }
  const { received } = tried
  if (item.isExpected(received)) {
    // A broker at a URL may be RabbitMQ itself.
    if (difference === undefined || ground.url !== null) {
      return { item, verdict: 'equal', detail: '' }
    }
    return failure(item, 'it is as observed: the deliberate difference is out of date')
  }
  if (difference !== undefined && received === difference.instead) {
    return { item, verdict: 'different', detail: REASONS[difference.reason] }
  }
  return failure(item, received)
}

function failure(item: ObservedCase, detail: string): Result {
  const reason = notYetReason(item)
  return reason === null
    ? { item, verdict: 'failed', detail }
    : { item, verdict: 'not yet', detail: reason }
}

/** Runs one case to its end, whatever it does, and cleans up after it. */
async function attempt(item: ObservedCase, ground: Ground): Promise<Attempt> {
  const stray = new StrayErrors()
  const { scene, close } = ground.url === null ? await ownBroker() : await brokerAt(ground.url)
  const run = Promise.race([item.provoke(scene), stray.first])
  const tried = await inTime(run, () => ['the case', ...scene.awaited()].join(', awaiting '))
  const cleaned = await inTime(close(), () => 'its clean-up')
  stray.stop()
  return 'error' in tried || !('error' in cleaned) ? tried : cleaned
}

async function ownBroker() {
  const { createBroker } = await import('../../src/index.ts')
  const broker: Broker = await createBroker({
    compat: '4.3',
    amqp: { port: 0, host: '127.0.0.1' },
  })
  const stop = () => broker.close()
  const scene = new Scene(await Target.at(broker.url, stop), operatorOf(broker), stop)
  const close = async () => {
    await scene.cleanUp()
    await stop()
    return ''
  }
  return { scene, close }
}

async function brokerAt(url: string) {
  const scene = new Scene(await Target.at(url), null)
  const close = async () => {
    await scene.cleanUp()
    return ''
  }
  return { scene, close }
}

async function inTime(work: Promise<string>, what: () => string): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const late = () => new Error(`not done after ${CASE_TIMEOUT_MS} ms: ${what()}`)
    timer = setTimeout(() => reject(late()), CASE_TIMEOUT_MS)
  })
  try {
    return { received: await Promise.race([work, timeout]) }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  } finally {
    clearTimeout(timer)
  }
}
