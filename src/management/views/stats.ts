import type { Json, JsonObject } from '../../common/json.ts'
import type { SampleRange } from '../../metrics/history.ts'
import { DELIVERY_COLUMNS, PUBLISH_COLUMNS } from '../../metrics/meters.ts'
import type { Samples } from '../../metrics/samples.ts'
import { detailsJson } from './view.ts'

/** Numbers of a thing as RabbitMQ shows them: each with its `_details`. */
export function withDetails<T extends object, R>(
  samples: Samples<T, R>,
  thing: T,
  values: Readonly<Record<string, number>>,
  columns: readonly string[],
  range: SampleRange | null,
): JsonObject {
  const json: Record<string, Json> = {}
  for (const column of columns) {
    json[column] = values[column] ?? 0
    json[`${column}_details`] = detailsJson(samples.details(thing, column, range))
  }
  return json
}

/** Groups of counters that are shown as a whole, once one of them has counted. */
export const QUEUE_GROUPS = [DELIVERY_COLUMNS, ['publish']] as const
export const CHANNEL_GROUPS = [DELIVERY_COLUMNS, PUBLISH_COLUMNS] as const
export const EXCHANGE_GROUPS = [['publish_in', 'publish_out']] as const
export const NODE_GROUPS = [
  DELIVERY_COLUMNS,
  PUBLISH_COLUMNS,
  ['disk_reads', 'disk_writes'],
] as const

/** The `message_stats` of a thing; undefined as long as nothing has happened. */
export function messageStats<T extends object, R>(
  samples: Samples<T, R>,
  thing: T,
  values: Readonly<Record<string, number>>,
  groups: readonly (readonly string[])[],
  range: SampleRange | null,
): JsonObject | undefined {
  const columns = groups.filter((group) => group.some((column) => (values[column] ?? 0) > 0)).flat()
  if (columns.length === 0) return undefined
  return withDetails(samples, thing, values, columns, range)
}
