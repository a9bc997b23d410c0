import spec from '../../src/wire/amqp-0-9-1.json' with { type: 'json' }
import { ByteWriter } from '../../src/wire/byte-writer.ts'

/** A method as `amqp-0-9-1.json` has it. */
export interface MethodSpec {
  readonly id: number
  /** Such as 'basic.publish'. */
  readonly name: string
  readonly arguments: readonly ArgumentSpec[]
}

export interface ArgumentSpec {
  readonly name: string
  /** The name as a property. */
  readonly key: string
  readonly type: string
  readonly isReserved: boolean
}

export const METHOD_SPECS: readonly MethodSpec[] = spec.classes.flatMap((cls) =>
  cls.methods.map((method) => ({
    id: cls.id * 0x10000 + method.id,
    name: `${cls.name}.${method.name}`,
    arguments: method.arguments.map((argument) => ({
      name: argument.name,
      key: camelCase(argument.name),
      type: argument.type,
      isReserved: 'reserved' in argument && argument.reserved === true,
    })),
  })),
)

export const PROPERTY_SPECS = spec.basicProperties.map((property) => ({
  ...property,
  key: camelCase(property.name),
}))

/** Short arguments of a method, encoded by walking the table: no generated code takes part. */
export function sampleArguments(method: MethodSpec): Buffer {
  const writer = new ByteWriter(Buffer.alloc(1024))
  let bitCount = 0
  for (const { type } of method.arguments) {
    if (type !== 'bit') bitCount = 0
    else if (bitCount++ > 0) continue
    writer.bytes(sampleValue(type))
  }
  return writer.block.subarray(0, writer.at)
}

function sampleValue(type: string): Buffer {
  const sample = SAMPLES[type]
  if (sample === undefined) throw new Error(`no sample for the type ${type}`)
  return Buffer.from(sample.replaceAll(' ', ''), 'hex')
}

const SAMPLES: Readonly<Record<string, string>> = {
  bit: '15',
  u8: '09',
  u16: '0102',
  u32: '01020304',
  u64: '0000000000010203',
  shortstr: '06 61 c3a9 e28882',
  longstr: '00000003 00ff80',
  // { a: array [ byte -1, true ], b: { c: 'x' } }
  table: '0000001a 0161 41 00000004 62ff 7401 0162 46 00000008 0163 53 00000001 78',
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
