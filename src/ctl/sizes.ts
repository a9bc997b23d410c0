/** Bytes in `50MB`, `1GiB` or `1024`, as rabbitmq.conf counts them; null for what is no size. */
export function bytesOf(text: string): number | null {
  const [, number, unit = ''] = /^(\d+)\s*([a-zA-Z]*)$/.exec(text) ?? []
  const factor = FACTORS.get(unit.toLowerCase())
  return number === undefined || factor === undefined ? null : Number(number) * factor
}

const FACTORS = new Map([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't', 'p'].flatMap((letter, at): [string, number][] => [
    [letter, 1024 ** (at + 1)],
    [`${letter}ib`, 1024 ** (at + 1)],
    [`${letter}b`, 1000 ** (at + 1)],
  ]),
])
