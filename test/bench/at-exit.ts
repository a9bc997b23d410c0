/** Does this when the process ends, also when it fails or is interrupted. Synchronous work only; the last comes first. */
export function atExit(work: () => void): void {
  if (works.length === 0) {
    process.once('exit', () => {
      for (const each of works.reverse()) each()
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  }
  works.push(work)
}

const works: (() => void)[] = []
