import type { Json } from '../common/json.ts'
import { EXIT, refused } from './failure.ts'

/** Reads a JSON document from a command line. Throws a Failure as RabbitMQ words it. */
export function jsonDocument(text: string): Json {
  try {
    const json: Json = JSON.parse(text)
    return json
  } catch (cause) {
    const term = `{error,{failed_to_decode_json,<<"${text}">>}}`
    throw refused(`Could not parse JSON document: ${term}`, EXIT.unavailable, cause)
  }
}
