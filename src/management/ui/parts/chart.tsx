import { useEffect, useRef, useState } from 'preact/hooks'
import UPlot from 'uplot'
import type { ChartData, Line } from '../samples.ts'
import { useStore } from '../store.ts'
import { theme } from '../theme.ts'

interface ChartProps {
  readonly title: string
  readonly data: ChartData
  readonly show: (value: number) => string
}

/** Lines over time. The numbers under the pointer, or the latest ones, stand beside the names. */
export function Chart({ title, data, show }: ChartProps) {
  const canvas = useRef<HTMLDivElement>(null)
  const legend = useRef<HTMLUListElement>(null)
  const plot = useRef<UPlot | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const chosen = useStore(theme)
  const inks = data.lines.map(({ ink }) => ink).join(' ')
  useEffect(() => {
    if (canvas.current === null || legend.current === null) return
    const made = newPlot(canvas.current, legend.current, data.lines, show, setAt)
    plot.current = made
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) made.setSize({ width: entry.contentRect.width, height: HEIGHT })
    })
    observer.observe(canvas.current)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [inks, chosen])
  useEffect(() => {
    plot.current?.setData([[...data.times], ...data.lines.map(({ values }) => [...values])])
  }, [data, inks, chosen])
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>{title}</figcaption>
      <ul class="legend" ref={legend}>
        {data.lines.map((line) => (
          <li key={line.ink} class={`ink-${line.ink}`}>
            <span class="swatch" />
            {line.name} <b>{show(valueAt(line, at))}</b>
          </li>
        ))}
      </ul>
      <div class="canvas" ref={canvas} aria-hidden="true" />
      {data.times.length === 0 && <p class="no-samples muted">No samples yet</p>}
    </figure>
  )
}

const HEIGHT = 170

function valueAt({ values }: Line, at: number | null): number {
  return (at === null ? values.at(-1) : values[at]) ?? 0
}

function newPlot(
  canvas: HTMLElement,
  legend: HTMLElement,
  lines: readonly Line[],
  show: (value: number) => string,
  onPoint: (index: number | null) => void,
): UPlot {
  const colours = [...legend.children].map((item) => getComputedStyle(item).color)
  const { color: ink } = getComputedStyle(canvas)
  const grid = { stroke: faint(ink), width: 1 }
  const axis = { stroke: ink, grid, ticks: { show: false }, font: '11px system-ui, sans-serif' }
  return new UPlot(
    {
      width: Math.max(200, canvas.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: (plot) => timeSpan(plot.data[0]) },
        y: { range: (_plot, _low, high) => [0, Math.max((high ?? 0) * 1.1, 1)] },
      },
      axes: [
        { ...axis, space: 80, size: 28, values: (_plot, times) => clockTimes(times) },
        { ...axis, size: 58, values: (_plot, ticks) => ticks.map(show) },
      ],
      series: [
        {},
        ...lines.map(({ name }, i) => ({
          label: name,
          stroke: colours[i] ?? ink,
          fill: faint(colours[i] ?? ink),
          width: 2,
          points: { show: (plot: UPlot) => plot.data[0].length < 2 },
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    [[], ...lines.map(() => [])],
    canvas,
  )
}

/** From the first to the last of them, and at least a minute. */
function timeSpan(times: ArrayLike<number>): [number, number] {
  const last = times[times.length - 1] ?? Date.now() / 1000
  return [Math.min(times[0] ?? last, last - 60), last]
}

/** 14:05, with seconds where two of them would be the same. */
function clockTimes(times: readonly number[]): string[] {
  const isFine = (times[1] ?? 60) - (times[0] ?? 0) < 60
  const options = { hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat(
    'en-GB',
    isFine ? { ...options, second: '2-digit' } : options,
  )
  return times.map((seconds) => format.format(seconds * 1000))
}

/** The same colour, hardly there. */
function faint(colour: string): string {
  const parts = colour.match(/[\d.]+/g) ?? []
  return colour.startsWith('rgb') ? `rgba(${parts.slice(0, 3).join(',')},0.08)` : 'transparent'
}
