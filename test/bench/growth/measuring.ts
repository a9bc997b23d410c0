import { median } from '../statistics.ts'
import type { Series } from './curve.ts'
import { type Sample, Stand } from './stand.ts'

/** One point of a curve; CPU is the broker's, per message from publish to delivery. */
export interface PointResult {
  readonly at: number
  readonly cpuMicroseconds: number
  readonly lowest: number
  readonly highest: number
  readonly messagesPerSecond: number
  /** Resident memory that the preparation took, for each item; null for less than a hundred of them. */
  readonly bytesPerItem: number | null
  /** Broker CPU that the preparation took, for each item. */
  readonly setUpMicrosecondsPerItem: number | null
}

export interface CurveResult {
  readonly name: string
  readonly points: readonly PointResult[]
}

interface Prepared {
  readonly curve: number
  readonly at: number
  readonly stand: Stand
  readonly rss: number
  readonly cpuSeconds: number
  readonly samples: Sample[]
}

/** Sets every point up on a broker of its own, then measures all of them once per round. */
export async function measureSeries(
  program: string,
  series: Series,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly CurveResult[]> {
  const prepared: Prepared[] = []
  try {
    for (const [curve, { points, prepare }] of series.curves.entries()) {
      for (const at of points) {
        const stand = await Stand.start(program)
        const before = stand.usage
        await prepare(stand, at)
        const { rss, cpuSeconds } = stand.usage
        prepared.push({
          curve,
          at,
          stand,
          rss: rss - before.rss,
          cpuSeconds: cpuSeconds - before.cpuSeconds,
          samples: [],
        })
      }
    }
    for (const { stand } of prepared) await stand.measure(WARM_UP_SECONDS)
    for (let round = 0; round < rounds; round++) {
      for (const { stand, samples } of prepared) samples.push(await stand.measure(seconds))
    }
  } finally {
    for (const { stand } of prepared) await stand.close()
  }
  return series.curves.map(({ name }, curve) => ({
    name,
    points: prepared.filter((each) => each.curve === curve).map(resultOf),
  }))
}

function resultOf({ at, rss, cpuSeconds, samples }: Prepared): PointResult {
  const costs = samples.map(({ cpuMicroseconds }) => cpuMicroseconds)
  const tellsItems = at >= LEAST_ITEMS
  return {
    at,
    cpuMicroseconds: median(costs),
    lowest: Math.min(...costs),
    highest: Math.max(...costs),
    messagesPerSecond: median(samples.map(({ messagesPerSecond }) => messagesPerSecond)),
    bytesPerItem: tellsItems ? rss / at : null,
    setUpMicrosecondsPerItem: tellsItems ? (cpuSeconds * 1e6) / at : null,
  }
}

/** What is compiled late, is compiled. */
const WARM_UP_SECONDS = 0.7

/** With fewer, what a broker needs in any case hides what they need. */
const LEAST_ITEMS = 1000
