import { useState } from 'preact/hooks'

/** So far back, and so far apart, in seconds. */
export interface Range {
  readonly name: string
  readonly age: number
  readonly step: number
}

const RANGES: readonly Range[] = [
  { name: '1 min', age: 60, step: 5 },
  { name: '10 min', age: 600, step: 5 },
  { name: '1 h', age: 3600, step: 60 },
  { name: '8 h', age: 28_800, step: 600 },
]

let latest = RANGES[1]!

/** How far back charts go: the same on all pages. */
export function useRange(): readonly [Range, (range: Range) => void] {
  const [range, setRange] = useState(latest)
  const choose = (next: Range) => {
    latest = next
    setRange(next)
  }
  return [range, choose]
}

/** What the API is asked for the samples of a range. */
export function rangeQuery({ age, step }: Range): Readonly<Record<string, number>> {
  return { lengths_age: age, lengths_incr: step, msg_rates_age: age, msg_rates_incr: step }
}

export function RangeChoice({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  return (
    <fieldset class="choice">
      <legend class="hidden">How far back the charts go</legend>
      {RANGES.map((one) => (
        <button
          key={one.name}
          type="button"
          aria-pressed={one.age === range.age}
          onClick={() => choose(one)}
        >
          {one.name}
        </button>
      ))}
    </fieldset>
  )
}
