import fc from 'fast-check'
import type { FieldValue, SmallInteger, Table } from '../../src/common/table.ts'

/** Text of any characters, at most 240 bytes in UTF-8. */
export const shortTexts = fc.string({ unit: 'binary', maxLength: 60 })

const byteStrings = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))

const smallIntegers: fc.Arbitrary<FieldValue> = fc.oneof(
  integers('byte', -0x80, 0x7f),
  integers('unsignedbyte', 0, 0xff),
  integers('short', -0x8000, 0x7fff),
  integers('unsignedshort', 0, 0xffff),
  integers('signedint', -0x8000_0000, 0x7fff_ffff),
  integers('unsignedint', 0, 0xffff_ffff),
)

const otherScalars: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.boolean().map((value): FieldValue => ({ type: 'bool', value })),
  fc.float().map((value): FieldValue => ({ type: 'float', value })),
  fc.double().map((value): FieldValue => ({ type: 'double', value })),
  fc
    .tuple(fc.nat(0xff), fc.nat(0xffff_ffff))
    .map(([scale, value]): FieldValue => ({ type: 'decimal', scale, value })),
  byteStrings.map((value): FieldValue => ({ type: 'binary', value })),
  fc.constant<FieldValue>({ type: 'void' }),
)

/** Fields of every type that holds no others; integers are often the least or the greatest. */
export const anyScalars: fc.Arbitrary<FieldValue> = fc.oneof(
  smallIntegers,
  otherScalars,
  byteStrings.map((value): FieldValue => ({ type: 'longstr', value })),
  bigIntegers('long', -(2n ** 63n), 2n ** 63n - 1n),
  bigIntegers('timestamp', 0n, 2n ** 64n - 1n),
)

/** What amqplib represents without loss: text instead of bytes, 64 bits as far as doubles are exact. */
const amqplibScalars: fc.Arbitrary<FieldValue> = fc.oneof(
  smallIntegers,
  otherScalars,
  shortTexts.map((text): FieldValue => ({ type: 'longstr', value: Buffer.from(text) })),
  fc.maxSafeInteger().map((value): FieldValue => ({ type: 'long', value: BigInt(value) })),
  fc.maxSafeNat().map((value): FieldValue => ({ type: 'timestamp', value: BigInt(value) })),
)

/** Tables of every type, nested. */
export const anyTables = tablesOf(anyScalars, shortTexts)

/**
 * Tables as amqplib can hold them. Its tables are objects, which would sort names that look like
 * integers to the front.
 */
export const amqplibTables = tablesOf(
  amqplibScalars,
  shortTexts.map((text) => `k${text}`),
)

function integers(type: SmallInteger, min: number, max: number): fc.Arbitrary<FieldValue> {
  return fc
    .oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
    .map((value): FieldValue => ({ type, value }))
}

function bigIntegers(
  type: 'long' | 'timestamp',
  min: bigint,
  max: bigint,
): fc.Arbitrary<FieldValue> {
  return fc
    .oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max))
    .map((value): FieldValue => ({ type, value }))
}

function tablesOf(
  scalars: fc.Arbitrary<FieldValue>,
  names: fc.Arbitrary<string>,
): fc.Arbitrary<Table> {
  const { table } = fc.letrec<{ value: FieldValue; table: Table }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalars,
      tie('table').map((value): FieldValue => ({ type: 'table', value })),
      fc
        .array(tie('value'), { maxLength: 4 })
        .map((value): FieldValue => ({ type: 'array', value })),
    ),
    table: fc
      .array(fc.tuple(names, tie('value')), { maxLength: 5 })
      .map((entries): Table => new Map(entries)),
  }))
  return table
}
