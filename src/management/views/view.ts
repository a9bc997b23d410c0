import type { Json, JsonObject } from '../../common/json.ts'
import type { Sampler } from '../../metrics/sampler.ts'
import type { Details } from '../../metrics/samples.ts'
import type { ManagedBroker } from '../managed-broker.ts'
import type { Query } from '../query.ts'

/** What a view is made with. */
export interface ViewContext {
  readonly broker: ManagedBroker
  readonly sampler: Sampler
  readonly query: Query
}

/** One field of an object that the API shows. */
export interface Field<T> {
  /** Of JSON schema. */
  readonly type: FieldType | readonly FieldType[]
  /** Undefined leaves the field out. */
  readonly read: (thing: T, context: ViewContext) => Json | undefined
}

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** The fields of an object under RabbitMQ's names, in the order in which they are shown. */
export type View<T> = Readonly<Record<string, Field<T>>>

/** All fields of a thing, or those that lie under these columns. */
export function shown<T>(
  view: View<T>,
  thing: T,
  context: ViewContext,
  columns: readonly string[] | null = null,
): Json {
  if (columns !== null) return projected(view, thing, context, columns)
  const json: Record<string, Json> = {}
  for (const name in view) {
    const value = view[name]!.read(thing, context)
    if (value !== undefined) json[name] = value
  }
  return json
}

/** The value at a path with dots, such as `message_stats.publish_details.rate`. */
export function valueAt<T>(
  view: View<T>,
  thing: T,
  context: ViewContext,
  path: readonly string[],
): Json | undefined {
  const [name = '', ...rest] = path
  let value = view[name]?.read(thing, context)
  for (const key of rest) value = isObject(value) ? value[key] : undefined
  return value
}

/** How RabbitMQ shows that a number changes. */
export function detailsJson(details: Details): JsonObject {
  const { rate, samples, avg_rate: averageRate = 0, avg = 0 } = details
  if (samples === undefined) return { rate }
  const shownSamples = samples.map(({ sample, timestamp }) => ({ sample, timestamp }))
  return { rate, samples: shownSamples, avg_rate: averageRate, avg }
}

/** RabbitMQ shows an object of which no column is left as an empty list. */
function projected<T>(
  view: View<T>,
  thing: T,
  context: ViewContext,
  columns: readonly string[],
): Json {
  const json: Record<string, Json> = {}
  for (const column of columns) {
    const [name = '', ...path] = column.split('.')
    const value = view[name]?.read(thing, context)
    if (value === undefined) continue
    json[name] = WHOLE.has(name) ? value : narrowed(value, path, json[name])
  }
  return Object.keys(json).length === 0 ? [] : json
}

/** The part of a value at a path, beside what is chosen of it already. */
function narrowed(value: Json, path: readonly string[], chosen: Json | undefined): Json {
  const [key, ...rest] = path
  if (key === undefined || !isObject(value)) return value
  const part = value[key]
  const others = isObject(chosen) ? chosen : {}
  return part === undefined ? others : { ...others, [key]: narrowed(part, rest, others[key]) }
}

/** A column inside of these gives all of them. */
const WHOLE = new Set(['arguments', 'client_properties', 'queue_totals', 'object_totals'])

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
