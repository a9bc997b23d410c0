/** The log file that the journal writes. */
export function logPath(file: number): string {
  return segmentPath(file, 0)
}

/** A log file, or the copy of what was left in it. */
export function segmentPath(number: number, generation: number): string {
  const name = String(number).padStart(10, '0')
  return generation === 0 ? `log/${name}.log` : `log/${name}.${generation}.log`
}

/** The number and generation in the name of a file of the log folder; null for another file. */
export function segmentNamed(name: string): { number: number; generation: number } | null {
  const match = /^(\d{10,})(?:\.(\d+))?\.log$/.exec(name)
  if (match === null) return null
  return { number: Number(match[1]), generation: Number(match[2] ?? 0) }
}

/** A checkpoint lies in the folder twice, so that one damaged file costs nothing. */
export function checkpointPath(number: number, copy: 'a' | 'b'): string {
  return `checkpoint/${String(number).padStart(10, '0')}.${copy}`
}

/** The number in the name of a checkpoint; null for another file. */
export function checkpointNamed(name: string): number | null {
  const match = /^(\d{10,})\.[ab]$/.exec(name)
  return match === null ? null : Number(match[1])
}
