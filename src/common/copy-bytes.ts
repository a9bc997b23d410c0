/**
 * Copies `from[start..end)` to `to[at..]`, where there must be room. A few bytes are copied by a loop: up to 48 it is
 * quicker than the view and the native call that `Buffer.copy` costs.
 */
export function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): void {
  if (end - start > MAX_LOOP_LENGTH) from.copy(to, at, start, end)
  else for (let i = start; i < end; i++) to[at + i - start] = from[i]!
}

const MAX_LOOP_LENGTH = 48
