/** A count as log lines and tables show it: `1 queue`, `1,200 queues`, `3 policies`. */
export function quantity(count: number, one: string, more = `${one}s`): string {
  return `${COUNT.format(count)} ${count === 1 ? one : more}`
}

const COUNT = new Intl.NumberFormat('en')
