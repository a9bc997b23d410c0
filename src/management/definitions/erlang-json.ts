import { erlangBinary } from '../../common/erlang-term.ts'
import { isJsonObject, type Json } from '../../common/json.ts'

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
