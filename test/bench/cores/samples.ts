import { publishFrames } from '../../../conformance/support/frames.ts'

/** The sizes that all parts of the experiment are done with. */
export const BODY_SIZES = [16, 1024, 65_536]

/** What one read of a socket brings at most. */
export const CHUNK_SIZE = 65_536

export interface Sample {
  readonly bytes: Buffer
  /** Messages in `bytes`. */
  readonly count: number
}

/** At least one chunk's worth of published messages, as they come from a client that writes them in batches. */
export function messagesOf(bodySize: number): Sample {
  const one = publishFrames(1, { routingKey: 'queue' }, Buffer.alloc(bodySize, 'x'))
  const count = Math.max(1, Math.floor(CHUNK_SIZE / one.length))
  return { bytes: Buffer.concat(Array.from({ length: count }, () => one)), count }
}
