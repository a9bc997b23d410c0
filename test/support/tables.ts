import { type FieldValue, longstr, type Table } from '../../src/common/table.ts'

/** What tests write for a field: numbers become the smallest of `signedint` and `long` that holds them. */
export type Plain = string | number | boolean | readonly Plain[] | FieldValue

/** A field table in short. */
export function tableOf(fields: Readonly<Record<string, Plain>>): Table {
  return new Map(Object.entries(fields).map(([name, value]) => [name, fieldOf(value)]))
}

export function fieldOf(value: Plain): FieldValue {
  if (typeof value === 'string') return longstr(value)
  if (typeof value === 'boolean') return { type: 'bool', value }
  if (typeof value === 'number') return integer(value)
  if (isList(value)) return { type: 'array', value: value.map(fieldOf) }
  return value
}

function integer(value: number): FieldValue {
  if (!Number.isInteger(value)) return { type: 'double', value }
  return (value | 0) === value
    ? { type: 'signedint', value }
    : { type: 'long', value: BigInt(value) }
}

function isList(value: readonly Plain[] | FieldValue): value is readonly Plain[] {
  return Array.isArray(value)
}

/** Fields as captures show them: the tag of the wire before the value, tables as lists in the order of the wire. */
export type Shown = readonly [tag: string, value: unknown]

export function shownTable(table: Table): readonly unknown[] {
  return [...table].map(([name, field]) => [name, ...shownField(field)])
}

export function shownField(field: FieldValue): Shown {
  switch (field.type) {
    case 'longstr':
      return ['S', Buffer.from(field.value).toString()]
    case 'array':
      return ['A', field.value.map(shownField)]
    case 'table':
      return ['F', shownTable(field.value)]
    case 'long':
      return ['l', Number(field.value)]
    case 'timestamp':
      return ['T', Number(field.value)]
    case 'signedint':
      return ['I', field.value]
    case 'bool':
      return ['t', field.value]
    case 'double':
      return ['d', field.value]
    case 'float':
      return ['f', field.value]
    default:
      return [field.type, 'value' in field ? field.value : null]
  }
}
