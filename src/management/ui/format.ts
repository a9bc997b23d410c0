const WHOLE = new Intl.NumberFormat('en')
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** 1,234,567; a dash for what is not known. */
export function count(value: number | undefined): string {
  return value === undefined ? '–' : WHOLE.format(value)
}

/** 1.2M */
export function shortCount(value: number): string {
  return Math.abs(value) < 10_000 ? WHOLE.format(Math.round(value * 10) / 10) : SHORT.format(value)
}

/** 12.5/s */
export function rate(value: number | undefined): string {
  if (value === undefined) return '–'
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return `${shortCount(rounded === 0 ? 0 : rounded)}/s`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 1.5 MiB */
export function bytes(value: number | undefined): string {
  if (value === undefined) return '–'
  let size = value
  let unit = 0
  while (Math.abs(size) >= 1024 && unit < UNITS.length - 1) {
    size /= 1024
    unit++
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1
  return `${size.toFixed(digits)} ${UNITS[unit] ?? ''}`
}

/** 3 d 4 h; the two largest parts. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([size]) => size > 0)
  if (first < 0) return '0 s'
  const shown = parts.slice(first, first + 2).filter(([size]) => size > 0)
  return shown.map(([size, unit]) => `${size} ${unit}`).join(' ')
}

/** A moment as the reader's clock has it. */
export function moment(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
}

export function json(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

export function plural(size: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(size)} ${size === 1 ? one : many}`
}
