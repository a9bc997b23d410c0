import { totalmem } from 'node:os'

/** Bytes that the process may use: those of the machine, unless it has been given less. */
export function memoryThere(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
