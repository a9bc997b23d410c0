import type { Json, JsonObject } from '../common/json.ts'
import { isJsonObject } from '../common/json.ts'
import { EMPTY_TABLE, type FieldValue, longstr, type Table } from '../common/table.ts'

/** A field table as RabbitMQ's management shows it: types that JSON does not have are lost. */
export function jsonOfTable(table: Table): JsonObject {
  return Object.fromEntries(Array.from(table, ([name, field]) => [name, jsonOf(field)]))
}

/** Integers become `long`, other numbers `double`, texts `longstr`. Throws NullNotAllowed. */
export function tableOfJson(json: JsonObject): Table {
  const entries = Object.entries(json)
  if (entries.length === 0) return EMPTY_TABLE
  return new Map(entries.map(([name, value]) => [name, fieldOf(value)]))
}

/** JSON had a null where a table has none. */
export class NullNotAllowed extends Error {
  constructor() {
    super('null_not_allowed')
    this.name = 'NullNotAllowed'
  }
}

function jsonOf(field: FieldValue): Json {
  switch (field.type) {
    case 'void':
      return null
    case 'longstr':
    case 'binary':
      return Buffer.from(field.value).toString()
    case 'long':
    case 'timestamp':
      return Number(field.value)
    case 'decimal':
      return field.value / 10 ** field.scale
    case 'array':
      return field.value.map(jsonOf)
    case 'table':
      return jsonOfTable(field.value)
    default:
      return field.value
  }
}

function fieldOf(json: Json): FieldValue {
  if (typeof json === 'string') return longstr(json)
  if (typeof json === 'boolean') return { type: 'bool', value: json }
  if (typeof json === 'number') {
    return Number.isInteger(json)
      ? { type: 'long', value: BigInt(json) }
      : { type: 'double', value: json }
  }
  if (json === null) throw new NullNotAllowed()
  if (isJsonObject(json)) return { type: 'table', value: tableOfJson(json) }
  return { type: 'array', value: json.map(fieldOf) }
}
