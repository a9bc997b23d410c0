/** A count as log lines and tables show it: `1 queue`, `1,200 queues`, `3 policies`. */
export function quantity(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`
}

/** With commas between groups of three digits. Intl.NumberFormat would load all of ICU: 15 ms of start, 7 MiB. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
