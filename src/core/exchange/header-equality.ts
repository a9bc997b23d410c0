import type { FieldValue, Table } from '../../common/table.ts'

/**
 * Whether a header agrees with a binding argument of a headers exchange: the values count, not their width on the
 * wire. A byte 1 is a long 1, a float is a double, a byte array is a string; an integer is no double, a number no
 * string. An integer header agrees with a timestamp. Inside tables and arrays the types must agree as well (RabbitMQ
 * 4.3).
 */
export function hasEqualValue(header: FieldValue, wanted: FieldValue): boolean {
  const kind = KINDS[header.type]
  if (wanted.type === 'timestamp' && kind === 'integer') return integer(header) === wanted.value
  if (kind !== KINDS[wanted.type]) return false
  switch (kind) {
    case 'integer':
      return integer(header) === integer(wanted)
    case 'string':
      return Buffer.compare(bytesOf(header), bytesOf(wanted)) === 0
    case 'nested':
      return isSame(header, wanted)
    default:
      return scalar(header) === scalar(wanted)
  }
}

const KINDS: Record<FieldValue['type'], 'integer' | 'string' | 'nested' | FieldValue['type']> = {
  bool: 'bool',
  byte: 'integer',
  unsignedbyte: 'integer',
  short: 'integer',
  unsignedshort: 'integer',
  signedint: 'integer',
  unsignedint: 'integer',
  long: 'integer',
  timestamp: 'timestamp',
  float: 'float',
  double: 'float',
  decimal: 'decimal',
  longstr: 'string',
  binary: 'string',
  array: 'nested',
  table: 'nested',
  void: 'void',
}

function integer(field: FieldValue): bigint {
  return typeof scalar(field) === 'string' ? 0n : BigInt(scalar(field))
}

/** The value of a field without parts, in a form that `===` compares. */
function scalar(field: FieldValue): string | number | bigint | boolean {
  switch (field.type) {
    case 'void':
      return 'void'
    case 'decimal':
      return `${field.value}e-${field.scale}`
    case 'longstr':
    case 'binary':
    case 'array':
    case 'table':
      return field.type
    default:
      return field.value
  }
}

function bytesOf(field: FieldValue): Uint8Array {
  return field.type === 'longstr' || field.type === 'binary' ? field.value : NO_BYTES
}

function isSame(a: FieldValue, b: FieldValue): boolean {
  if (a.type !== b.type) return false
  if (a.type === 'array' && b.type === 'array') {
    return (
      a.value.length === b.value.length && a.value.every((item, i) => isSame(item, b.value[i]!))
    )
  }
  if (a.type === 'table' && b.type === 'table') return isSameTable(a.value, b.value)
  if (a.type === 'longstr' || a.type === 'binary') {
    return Buffer.compare(a.value, bytesOf(b)) === 0
  }
  return scalar(a) === scalar(b)
}

function isSameTable(a: Table, b: Table): boolean {
  if (a.size !== b.size) return false
  for (const [name, value] of a) {
    const other = b.get(name)
    if (other === undefined || !isSame(value, other)) return false
  }
  return true
}

const NO_BYTES = new Uint8Array(0)
