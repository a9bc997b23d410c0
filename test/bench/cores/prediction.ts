/** What one thread spends on a message, and what could be taken from it, in microseconds. */
export interface Costs {
  /** Of the one thread, all in all. */
  readonly whole: number
  /** The part of it that other threads could do. */
  readonly movable: number
  /** Both threads' cost of moving a message from one to the other. */
  readonly hop: number
}

/**
 * How many times the messages a broker could take if `threads` other threads did what can be moved (Amdahl's law): a
 * message goes to the one thread and back, and of each hop either side pays half. Whichever side is slower sets the
 * pace.
 */
export function speedUp({ whole, movable, hop }: Costs, threads: number): number {
  const ofTheOne = whole - movable + hop
  const ofEachOther = (movable + hop) / threads
  return whole / Math.max(ofTheOne, ofEachOther)
}
