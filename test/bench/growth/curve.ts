import type { Stand } from './stand.ts'

/** How one cost grows with one number. */
export interface Curve {
  readonly name: string
  readonly points: readonly number[]
  /** Declares and fills what the point asks for, and brings the traffic. */
  prepare(stand: Stand, point: number): Promise<void>
}

/** Curves that are drawn in one plot. */
export interface Series {
  readonly name: string
  readonly title: string
  /** What grows, as the axis calls it. */
  readonly axis: string
  /** What resident memory is given for, if it makes sense: `queue` for bytes per queue. */
  readonly item: string | null
  readonly curves: readonly Curve[]
}
