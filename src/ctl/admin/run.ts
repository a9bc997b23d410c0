import type { Surroundings } from '../run.ts'
export async function runAdmin(_words: readonly string[], _around: Surroundings): Promise<number> {
  return 1
}
