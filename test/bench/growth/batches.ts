import { publishFrames } from '../../../conformance/support/frames.ts'
import type { Batch } from './traffic.ts'

export interface BatchWish {
  readonly exchange?: string
  /** Message i has key i, again from the first after the last. */
  readonly keys: readonly string[]
  readonly bodySize: number
  readonly isPersistent?: boolean
  /** Most messages of one batch; what fits in 64 KiB by default, at least one. */
  readonly most?: number
}

/** Messages to every key once, cut into what one write takes. */
export function batchesOf(wish: BatchWish): readonly Batch[] {
  const { exchange = '', keys, bodySize, isPersistent = false } = wish
  const body = Buffer.alloc(bodySize, 'x')
  const properties = { deliveryMode: isPersistent ? 2 : 1 }
  const encode = (routingKey: string) =>
    publishFrames(1, { exchange, routingKey }, body, properties)
  const longest = keys.reduce((a, b) => (b.length > a.length ? b : a))
  const size = encode(longest).length
  const most = wish.most ?? Math.max(1, Math.floor(BATCH_SIZE / size))
  const rounds = Math.max(1, Math.floor(most / keys.length)) // few keys are sent again in one batch
  const batches: Batch[] = []
  for (let at = 0; at < keys.length; at += most) {
    const once = keys.slice(at, at + most).map(encode)
    const frames = Array.from({ length: rounds }, () => once).flat()
    batches.push({ bytes: Buffer.concat(frames), count: frames.length })
  }
  return batches
}

/** `count` numbers below `below`, none twice, always the same ones in the same mixed order. */
export function mixedNumbers(count: number, below: number): readonly number[] {
  const step = coprimeStep(below)
  return Array.from({ length: Math.min(count, below) }, (_, i) => (i * step) % below)
}

/** Near the golden section of `below`, so that numbers that follow each other lie far apart. */
function coprimeStep(below: number): number {
  let step = Math.max(1, Math.round(below * 0.618))
  while (greatestCommonDivisor(step, below) !== 1) step++
  return step
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** Bytes of one write at full speed. */
const BATCH_SIZE = 65_536
