/**
 * Long work that somebody awaits, such as the answer to a request or a sample, cut into slices of a few milliseconds so
 * that it stops nothing else: whoever does it asks now and then whether a slice is over, and pauses. It may meet things
 * that have changed meanwhile. What has to happen in the order of the run queue has `LongWorkTime` instead.
 */
export class Slices {
  private startMs = performance.now()

  get isOver(): boolean {
    return performance.now() - this.startMs >= SLICE_MS
  }

  /** Lets everything else that is due happen. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.startMs = performance.now()
  }
}

/** Every so many items the clock is looked at: often enough for a slice to end in time. */
export const ITEMS_PER_LOOK = 32

/** Calls `work` with every item, in slices. */
export async function eachInSlices<T>(
  items: Iterable<T>,
  slices: Slices,
  work: (item: T) => void,
): Promise<void> {
  let count = 0
  for (const item of items) {
    work(item)
    if (++count % ITEMS_PER_LOOK === 0 && slices.isOver) await slices.pause()
  }
}

/** The items in order, sorted in slices; equal ones keep theirs. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<readonly T[]> {
  let runs: (readonly T[])[] = []
  for (let start = 0; start < items.length; start += FIRST_RUN) {
    runs.push(items.slice(start, start + FIRST_RUN).sort(compare))
    if (slices.isOver) await slices.pause()
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = []
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(await merge(runs[i]!, runs[i + 1] ?? [], compare, slices))
    }
    runs = merged
  }
  return runs[0] ?? []
}

const SLICE_MS = 3
const FIRST_RUN = 1024

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<readonly T[]> {
  const merged: T[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    merged.push(compare(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!)
    if (merged.length % FIRST_RUN === 0 && slices.isOver) await slices.pause()
  }
  while (l < left.length) merged.push(left[l++]!)
  while (r < right.length) merged.push(right[r++]!)
  return merged
}
