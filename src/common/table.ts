/**
 * Field tables as plain values: message headers and the arguments of declare, bind and consume.
 *
 * A value keeps the type it had on the wire, because RabbitMQ prints it in errors and passes it on in headers.
 * The names are RabbitMQ's (rabbit_binary_parser): `signedint` is tag `I`, `long` is `l` or `L`, and so on.
 */
export type FieldValue =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: SmallInteger; readonly value: number }
  | { readonly type: 'long'; readonly value: bigint }
  | { readonly type: 'float' | 'double'; readonly value: number }
  | { readonly type: 'decimal'; readonly scale: number; readonly value: number }
  | { readonly type: 'longstr' | 'binary'; readonly value: Uint8Array }
  | { readonly type: 'array'; readonly value: readonly FieldValue[] }
  | { readonly type: 'timestamp'; readonly value: bigint }
  | { readonly type: 'table'; readonly value: Table }
  | { readonly type: 'void' }

/** Integer types of at most 32 bits, whose values are exact as numbers. */
export type SmallInteger =
  | 'byte'
  | 'unsignedbyte'
  | 'short'
  | 'unsignedshort'
  | 'signedint'
  | 'unsignedint'

/** Insertion order is wire order. Of two entries with one name the first counts, as in RabbitMQ 4. */
export type Table = ReadonlyMap<string, FieldValue>

export const EMPTY_TABLE: Table = new Map()

/** A `longstr` field from text. */
export function longstr(text: string): FieldValue {
  return { type: 'longstr', value: Buffer.from(text) }
}

/** The text of a string field (`longstr` or `binary`), bytes that are not UTF-8 replaced; null for other types. */
export function textOf(field: FieldValue | undefined): string | null {
  if (field === undefined || (field.type !== 'longstr' && field.type !== 'binary')) return null
  return Buffer.from(field.value.buffer, field.value.byteOffset, field.value.length).toString()
}

/** The value of an integer field of any width; null for other types. Beyond 2^53 the nearest number. */
export function integerOf(field: FieldValue | undefined): number | null {
  switch (field?.type) {
    case 'byte':
    case 'unsignedbyte':
    case 'short':
    case 'unsignedshort':
    case 'signedint':
    case 'unsignedint':
      return field.value
    case 'long':
      return Number(field.value)
    default:
      return null
  }
}

/** The same entries in the order of their names, in which RabbitMQ shows headers that it has written itself. */
export function sortedByName(table: Table): Table {
  return new Map([...table].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A text that is the same for tables with the same entries, in whatever order they came. */
export function fingerprint(table: Table): string {
  const names = [...table.keys()].sort()
  return JSON.stringify(names.map((name) => [name, fingerprintOf(table.get(name)!)]))
}

function fingerprintOf(field: FieldValue): string {
  switch (field.type) {
    case 'void':
      return 'void'
    case 'table':
      return `table ${fingerprint(field.value)}`
    case 'array':
      return JSON.stringify(field.value.map(fingerprintOf))
    case 'longstr':
    case 'binary':
      return `${field.type} ${Buffer.from(field.value).toString('latin1')}`
    case 'decimal':
      return `decimal ${field.scale} ${field.value}`
    default:
      return `${field.type} ${field.value}`
  }
}
