import type { Details, Sample, Stats } from './api-types.ts'

/** One line of a chart: a value for each moment. */
export interface Line {
  readonly name: string
  /** Name of its colour in the style sheet. */
  readonly ink: string
  readonly values: readonly (number | null)[]
}

export interface ChartData {
  /** Seconds since 1970, oldest first. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
}

export interface LineWish {
  readonly name: string
  readonly ink: string
  readonly stats: Stats | undefined
  /** Names of numbers, which are added up. */
  readonly columns: readonly string[]
}

/** Lines of numbers as they are. */
export function levels(wishes: readonly LineWish[]): ChartData {
  return chartOf(wishes, (samples) => samples)
}

/** Lines of how fast numbers grow, per second. */
export function rates(wishes: readonly LineWish[]): ChartData {
  return chartOf(wishes, (samples) =>
    samples.slice(1).map(({ sample, timestamp }, i) => {
      const before = samples[i]
      const seconds = (timestamp - (before?.timestamp ?? 0)) / 1000
      const grown = Math.max(0, sample - (before?.sample ?? 0)) // it begins anew with the broker
      return { timestamp, sample: seconds > 0 ? grown / seconds : 0 }
    }),
  )
}

export function detailsOf(stats: Stats | undefined, column: string): Details | null {
  const details = stats?.[`${column}_details`]
  return typeof details === 'object' ? details : null
}

export function rateOf(stats: Stats | undefined, ...columns: readonly string[]): number {
  return columns.reduce((sum, column) => sum + (detailsOf(stats, column)?.rate ?? 0), 0)
}

export function numberOf(stats: Stats | undefined, column: string): number | undefined {
  const value = stats?.[column]
  return typeof value === 'number' ? value : undefined
}

function chartOf(
  wishes: readonly LineWish[],
  shape: (oldestFirst: readonly Sample[]) => readonly Sample[],
): ChartData {
  const byTime = wishes.map(({ stats, columns }) => {
    const sums = new Map<number, number>()
    for (const column of columns) {
      const samples = [...(detailsOf(stats, column)?.samples ?? [])].reverse()
      for (const { timestamp, sample } of shape(samples)) {
        sums.set(timestamp, (sums.get(timestamp) ?? 0) + sample)
      }
    }
    return sums
  })
  const moments = [...new Set(byTime.flatMap((sums) => [...sums.keys()]))].sort((a, b) => a - b)
  return {
    times: moments.map((ms) => ms / 1000),
    lines: wishes.map(({ name, ink }, i) => ({
      name,
      ink,
      // what nobody counted then was nothing
      values: moments.map((ms) => byTime[i]?.get(ms) ?? (byTime[i]?.size === 0 ? 0 : null)),
    })),
  }
}
