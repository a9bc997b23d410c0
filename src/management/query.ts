import type { SampleRange } from '../metrics/history.ts'

/** What stands behind the question mark of a request. */
export class Query {
  private readonly values: URLSearchParams

  constructor(text: string) {
    this.values = new URLSearchParams(text)
  }

  get(name: string): string | null {
    return this.values.get(name)
  }

  is(name: string): boolean {
    return this.values.get(name) === 'true'
  }

  /** Names of columns; null where all are wanted. */
  get columns(): readonly string[] | null {
    return this.values.get('columns')?.split(',') ?? null
  }

  /** The samples that `NAME_age` and `NAME_incr` ask for, in seconds; null without them. */
  range(name: 'lengths' | 'msg_rates' | 'data_rates' | 'node_stats'): SampleRange | null {
    const ageSeconds = wholeNumber(this.get(`${name}_age`))
    const stepSeconds = wholeNumber(this.get(`${name}_incr`))
    if (ageSeconds === null || stepSeconds === null || stepSeconds === 0) return null
    return ageSeconds / stepSeconds > MOST_SAMPLES ? null : { ageSeconds, stepSeconds }
  }
}

/** RabbitMQ's pages ask for 60 to 144. */
const MOST_SAMPLES = 2000

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null
}
