import type { Json } from '../../common/json.ts'
import type { FieldValue, Table } from '../../common/table.ts'
import { bigintOf, booleanOf, integerOf, listOf, numberJson, numberOf, textOf } from './json.ts'

/** A field table as JSON: `[[name, type, value], ...]`, in its order. `tableOf` reads it. */
export function tableJson(table: Table): Json {
  return Array.from(table, ([name, field]) => [name, ...fieldJson(field)])
}

/** Throws an Error for what is not the JSON of a table. */
export function tableOf(json: unknown): Table {
  return new Map(
    listOf(json).map((entry) => {
      const [name, ...field] = listOf(entry)
      return [textOf(name), fieldOf(field)]
    }),
  )
}

/** Bytes are text of as many characters from U+0000 to U+00FF, so that names stay readable; 64 bits are digits. */
function fieldJson(field: FieldValue): readonly Json[] {
  switch (field.type) {
    case 'void':
      return [field.type]
    case 'decimal':
      return [field.type, field.value, field.scale]
    case 'longstr':
    case 'binary':
      return [field.type, Buffer.from(field.value).toString('latin1')]
    case 'long':
    case 'timestamp':
      return [field.type, String(field.value)]
    case 'array':
      return [field.type, field.value.map(fieldJson)]
    case 'table':
      return [field.type, tableJson(field.value)]
    case 'float':
    case 'double':
      return [field.type, numberJson(field.value)]
    default:
      return [field.type, field.value]
  }
}

function fieldOf(json: unknown): FieldValue {
  const [type, value, scale] = listOf(json)
  switch (type) {
    case 'void':
      return { type }
    case 'bool':
      return { type, value: booleanOf(value) }
    case 'byte':
    case 'unsignedbyte':
    case 'short':
    case 'unsignedshort':
    case 'signedint':
    case 'unsignedint':
      return { type, value: integerOf(value) }
    case 'decimal':
      return { type, scale: integerOf(scale), value: integerOf(value) }
    case 'longstr':
    case 'binary':
      return { type, value: bytesOf(value) }
    case 'long':
    case 'timestamp':
      return { type, value: bigintOf(value) }
    case 'float':
    case 'double':
      return { type, value: numberOf(value) }
    case 'array':
      return { type, value: listOf(value).map(fieldOf) }
    case 'table':
      return { type, value: tableOf(value) }
    default:
      throw new Error(`${JSON.stringify(type)} is no type of a field`)
  }
}

function bytesOf(json: unknown): Buffer {
  const text = textOf(json)
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') !== text) throw new Error('text where there should be bytes')
  return bytes
}
