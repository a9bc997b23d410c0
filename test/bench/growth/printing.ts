import { Table } from '../table.ts'
import type { Series } from './curve.ts'
import type { CurveResult } from './measuring.ts'

export function printSeries(series: Series, curves: readonly CurveResult[]): void {
  for (const { name, points } of curves) {
    const table = new Table([
      series.axis,
      'CPU µs',
      'from',
      'to',
      'messages/s',
      'bytes each',
      'set-up µs each',
    ])
    for (const point of points) {
      table.add(
        point.at,
        point.cpuMicroseconds,
        point.lowest,
        point.highest,
        Math.round(point.messagesPerSecond),
        point.bytesPerItem === null ? '' : Math.round(point.bytesPerItem),
        point.setUpMicrosecondsPerItem ?? '',
      )
    }
    table.print(`${series.title}, ${name}`)
  }
}
