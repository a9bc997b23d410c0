/** What a plot shows. Both axes are logarithmic; x = 0 has a place of its own at the left end. */
export interface Plot {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly lines: readonly Line[]
}

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number, low: number, high: number])[]
}

/** A plot as SVG that is readable on light and dark ground, with the spread of each point as a thin bar. */
export function svgOf({ title, xLabel, yLabel, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points)
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b)
  const x = logScale(
    xs.filter((each) => each > 0),
    LEFT + (xs[0] === 0 ? ZERO_ROOM : 0),
    WIDTH - RIGHT,
  )
  const atX = (value: number) => (value === 0 ? LEFT : x(value))
  const decades = decadesAround(points.flatMap(([, , low, high]) => [low, high]))
  const atY = logScale(decades, HEIGHT - BOTTOM, TOP)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ${FONT}>`,
    `<title>${title}</title>`,
    text(LEFT, 20, title, 'font-weight="bold" font-size="15"'),
    ...decades.flatMap((y) => [
      `<path d="M${LEFT} ${at(atY(y))}H${WIDTH - RIGHT}" stroke="${GREY}" stroke-opacity=".35"/>`,
      text(LEFT - 8, atY(y) + 4, numberText(y), 'text-anchor="end"'),
    ]),
    ...xs.flatMap((value) => [
      `<path d="M${at(atX(value))} ${HEIGHT - BOTTOM}v5" stroke="${GREY}"/>`,
      text(atX(value), HEIGHT - BOTTOM + 19, numberText(value), 'text-anchor="middle"'),
    ]),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, xLabel, 'text-anchor="middle"'),
    text(0, 0, yLabel, `text-anchor="middle" transform="translate(14 ${HEIGHT / 2}) rotate(-90)"`),
    ...lines.flatMap((line, i) => lineOf(line, i, atX, atY)),
    '</svg>\n',
  ].join('\n')
}

function lineOf({ name, points }: Line, index: number, atX: Scale, atY: Scale): readonly string[] {
  const colour = COLOURS[index % COLOURS.length]!
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${at(atX(x))} ${at(atY(y))}`)
  const legendY = TOP + 2 + index * 18
  return [
    `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.flatMap(([x, y, low, high]) => [
      `<path d="M${at(atX(x))} ${at(atY(low))}V${at(atY(high))}" stroke="${colour}"/>`,
      `<circle cx="${at(atX(x))}" cy="${at(atY(y))}" r="3.5" fill="${colour}"/>`,
    ]),
    `<path d="M${LEFT + 12} ${legendY}h22" stroke="${colour}" stroke-width="2"/>`,
    text(LEFT + 40, legendY + 4, name),
  ]
}

type Scale = (value: number) => number

function logScale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.log(Math.min(...values))
  const high = Math.log(Math.max(...values))
  return (value) => from + ((Math.log(value) - low) / (high - low || 1)) * (to - from)
}

/** Powers of ten, and what lies between two of them at 2 and 5, from below the least to above the greatest. */
function decadesAround(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)))
  const last = Math.ceil(Math.log10(Math.max(...values)))
  const steps = last - first > 2 ? [1] : [1, 2, 5]
  const marks: number[] = []
  for (let power = first; power < last; power++) {
    for (const step of steps) marks.push(Number(`${step}e${power}`))
  }
  return [...marks, Number(`1e${last}`)]
}

/** `64 Ki` and the like for powers of two, thousands and millions in short otherwise. */
export function numberText(value: number): string {
  if (value >= 1024 && Number.isInteger(Math.log2(value))) {
    return value >= 1_048_576 ? `${value / 1_048_576} Mi` : `${value / 1024} Ki`
  }
  if (value >= 1_000_000) return `${value / 1_000_000} M`
  return value >= 1000 ? `${value / 1000} k` : `${value}`
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" fill="${GREY}" ${attributes}>${content}</text>`
}

function at(value: number): string {
  return value.toFixed(1)
}

const WIDTH = 720
const HEIGHT = 360
const LEFT = 64
const RIGHT = 20
const TOP = 44
const BOTTOM = 56
const ZERO_ROOM = 50

/** Grey enough for both a white and a black page. */
const GREY = '#808080'
const COLOURS = ['#d9822b', '#2b8cbe']
const FONT = 'font-family="system-ui, sans-serif" font-size="12"'
