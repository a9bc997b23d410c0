import { erlangBinary } from '../../common/erlang-term.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'

/** An object; also as the list of pairs that `rabbitmqctl export_definitions` of RabbitMQ 3 writes. Null for all else. */
export function objectOfJson(json: Json): JsonObject | null {
  if (isJsonObject(json)) return json
  if (!isJsonList(json) || json.length === 0) return null
  const fields: Record<string, Json> = {}
  for (const pair of json) {
    if (!isJsonList(pair) || pair.length !== 2) return null
    const [name = null, value = null] = pair
    if (typeof name !== 'string') return null
    fields[name] = value
  }
  return fields
}

/** A value that was read from JSON, as RabbitMQ prints it in errors. */
export function erlangOfJson(json: Json): string {
  if (typeof json === 'string') return erlangBinary(Buffer.from(json))
  if (isJsonObject(json)) {
    const entries = Object.entries(json).map(
      ([name, value]) => `${erlangOfJson(name)} => ${erlangOfJson(value)}`,
    )
    return `#{${entries.join(',')}}`
  }
  return typeof json === 'object' && json !== null
    ? `[${json.map(erlangOfJson).join(',')}]`
    : `${json}`
}
