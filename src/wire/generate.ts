/**
 * Writes `methods.ts` from `amqp-0-9-1.json`: for every method its id, the type of its arguments,
 * a function that decodes them and one that writes the whole frame. Straight-line code, so that no table is
 * walked per frame.
 * Run by `npm run generate`; a test fails when `methods.ts` is stale.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import spec from './amqp-0-9-1.json' with { type: 'json' }

/** The text of `methods.ts`. */
export function generateMethods(): string {
  const methods = describeMethods(spec)
  const parts = [
    HEADER,
    ...methods.map(methodCode),
    methodUnion(methods),
    decodeMethodCode(methods),
    writeMethodCode(methods),
    methodInfos(methods),
    FRAME_HELPERS,
  ]
  return `${parts.join('\n\n')}\n`
}

/** What `amqp-0-9-1.json` says, as far as methods go. */
interface Spec {
  readonly classes: readonly {
    readonly name: string
    readonly id: number
    readonly methods: readonly MethodSpec[]
  }[]
}

interface MethodSpec {
  readonly name: string
  readonly id: number
  readonly sentBy: string
  readonly content?: boolean
  readonly extension?: boolean
  readonly replies?: readonly string[]
  readonly arguments: readonly Argument[]
}

interface Argument {
  readonly name: string
  readonly type: string
  /** Takes up bytes, means nothing: written as zero, dropped when read. */
  readonly reserved?: boolean
}

/** A method with the names it goes by in the generated code. */
interface Method {
  readonly spec: MethodSpec
  readonly id: number
  readonly wireName: string
  readonly constant: string
  readonly typeName: string
  readonly fields: readonly Argument[]
  /** Its arguments in wire order, consecutive bits together: they share an octet. */
  readonly groups: readonly (readonly Argument[])[]
}

interface WireType {
  readonly type: string
  readonly read: string
  /** Bytes at most, without what `variableSize` adds. */
  readonly size: number
  readonly variableSize?: (value: string) => string
  readonly write: (value: string) => string
  readonly writeReserved: string
}

const WIRE_TYPES: Readonly<Record<string, WireType>> = {
  u8: integer('u8', 1),
  u16: integer('u16', 2),
  u32: integer('u32', 4),
  u64: integer('u64', 8),
  shortstr: {
    type: 'string',
    read: 'cursor.shortstr()',
    size: 256,
    write: (value) => `output.shortstr(${value})`,
    writeReserved: 'output.u8(0)',
  },
  longstr: {
    type: 'Buffer',
    read: 'cursor.longstr()',
    size: 4,
    variableSize: (value) => `${value}.length`,
    write: (value) => `output.longstr(${value})`,
    writeReserved: 'output.u32(0)',
  },
  table: {
    type: 'Table',
    read: 'readTable(cursor)',
    size: 4,
    variableSize: (value) => `tableSize(${value})`,
    write: (value) => `writeTable(output, ${value})`,
    writeReserved: 'output.u32(0)',
  },
}

function integer(primitive: string, size: number): WireType {
  return {
    type: 'number',
    read: `cursor.${primitive}()`,
    size,
    write: (value) => `output.${primitive}(${value})`,
    writeReserved: `output.${primitive}(0)`,
  }
}

const HEADER = `// Generated from amqp-0-9-1.json by generate.ts. Do not edit.
import type { Table } from '../common/table.ts'
import { type Cursor, DecodeError } from './cursor.ts'
import { readTable, tableSize, writeTable } from './field-table.ts'
import { FRAME_END, FRAME_METHOD } from './frame-reader.ts'
import type { Output } from './output.ts'`

const FRAME_HELPERS = `/** Starts a frame of at most \`bound\` bytes and returns where its size goes. */
function beginFrame(output: Output, channel: number, id: number, bound: number): number {
  output.reserve(bound)
  output.u8(FRAME_METHOD)
  output.u16(channel)
  const sizeAt = output.at
  output.u32(0)
  output.u32(id)
  return sizeAt
}

function endFrame(output: Output, sizeAt: number): void {
  const end = output.at
  output.at = sizeAt
  output.u32(end - sizeAt - 4)
  output.at = end
  output.u8(FRAME_END)
}`

const FRAME_HEADER_SIZE = 7
const METHOD_ID_SIZE = 4
const FRAME_END_SIZE = 1
const LINE_WIDTH = 100

function describeMethods({ classes }: Spec): Method[] {
  return classes.flatMap((cls) =>
    cls.methods.map((method) => {
      const wireName = `${cls.name}.${method.name}`
      const words = wireName.split(/[.-]/)
      return {
        spec: method,
        id: cls.id * 0x10000 + method.id,
        wireName,
        constant: words.join('_').toUpperCase(),
        typeName: words.map(capitalized).join(''),
        fields: method.arguments.filter((argument) => !argument.reserved),
        groups: groupBits(method.arguments),
      }
    }),
  )
}

function groupBits(args: readonly Argument[]): Argument[][] {
  const groups: Argument[][] = []
  for (const argument of args) {
    const last = groups.at(-1)
    if (argument.type === 'bit' && last?.[0]?.type === 'bit') last.push(argument)
    else groups.push([argument])
  }
  return groups
}

function methodCode(method: Method): string {
  const id = `0x${method.id.toString(16).padStart(8, '0')}`
  const parts = [`${docComment(method)}\nexport const ${method.constant} = ${id}`]
  if (method.fields.length > 0) parts.push(interfaceCode(method))
  if (method.groups.length > 0) parts.push(decodeCode(method))
  parts.push(writeCode(method))
  return parts.join('\n\n')
}

function docComment({ spec: { sentBy, replies, content, extension }, wireName }: Method): string {
  const facts = [sentBy === 'both' ? 'sent by both sides' : `sent by the ${sentBy}`]
  if (replies !== undefined) facts.push(`answered by ${replies.join(' or ')}`)
  if (content) facts.push('content follows')
  if (extension) facts.push('an extension')
  return `/** ${wireName}: ${facts.join('; ')}. */`
}

function interfaceCode({ typeName, fields }: Method): string {
  const lines = fields.map((field) => {
    const type = field.type === 'bit' ? 'boolean' : wireType(field).type
    return `  readonly ${camelCase(field.name)}: ${type}`
  })
  return `export interface ${typeName} {\n${lines.join('\n')}\n}`
}

function decodeCode({ typeName, fields, groups, spec: { content } }: Method): string {
  const returns = fields.length > 0 ? typeName : 'void'
  const reads = groups.map((group) => readCode(group, content === true))
  if (fields.length > 0) {
    const body = fields.map((field) => {
      const name = camelCase(field.name)
      const value = valueCode(field, groups)
      return name === value ? name : `${name}: ${value}`
    })
    reads.push(wrapped('  return { ', body, ' }'))
  }
  return `export function decode${typeName}(cursor: Cursor): ${returns} {\n${reads.join('\n')}\n}`
}

/** RabbitMQ leaves out the check for UTF-8 in methods with content, for speed. */
function readCode(group: readonly Argument[], isLenient: boolean): string {
  const first = group[0]!
  const isBits = first.type === 'bit'
  const strict = isBits ? 'cursor.u8()' : wireType(first).read
  const read = isLenient ? strict.replace('shortstr', 'lenientShortstr') : strict
  if (group.every((argument) => argument.reserved)) return `  ${read} // ${first.name}`
  return `  const ${isBits ? 'bits' : localName(first)} = ${read}`
}

function valueCode(field: Argument, groups: Method['groups']): string {
  if (field.type !== 'bit') return localName(field)
  return `(bits & ${1 << bitGroup(groups).indexOf(field)}) !== 0`
}

/** No method has two runs of bits; the names in the generated code rely on it. */
function bitGroup(groups: Method['groups']): readonly Argument[] {
  const [bits, another] = groups.filter((group) => group[0]?.type === 'bit')
  if (bits === undefined || another !== undefined) throw new Error('one run of bits was expected')
  return bits
}

function writeCode({ typeName, constant, fields, groups }: Method): string {
  const parameters = ['output: Output', 'channel: number']
  if (fields.length > 0) parameters.push(`method: ${typeName}`)
  const lines = [
    wrapped(`export function write${typeName}(`, parameters, '): void {'),
    ...beginCode(constant, groups),
    ...groups.map(writeGroupCode),
    '  endFrame(output, sizeAt)',
    '}',
  ]
  return lines.join('\n')
}

function beginCode(constant: string, groups: Method['groups']): string[] {
  let size = FRAME_HEADER_SIZE + METHOD_ID_SIZE + FRAME_END_SIZE
  const variable: string[] = []
  for (const [first] of groups) {
    if (first!.type === 'bit') {
      size += 1
      continue
    }
    const type = wireType(first!)
    size += type.size
    if (!first!.reserved && type.variableSize) variable.push(type.variableSize(member(first!)))
  }
  const terms = [String(size), ...variable]
  const call = (bound: string) =>
    `  const sizeAt = beginFrame(output, channel, ${constant}, ${bound})`
  if (call(terms.join(' + ')).length <= LINE_WIDTH) return [call(terms.join(' + '))]
  const bound = `  const bound = ${terms.join(' + ')}`
  if (bound.length <= LINE_WIDTH) return [bound, call('bound')]
  return [`  const bound =\n    ${terms.join(' +\n    ')}`, call('bound')]
}

function writeGroupCode(group: readonly Argument[]): string {
  const first = group[0]!
  if (first.type === 'bit') {
    const terms = group
      .map((bit, index) => (bit.reserved ? '' : `(${member(bit)} ? ${1 << index} : 0)`))
      .filter((term) => term !== '')
    if (terms.length === 0) return '  output.u8(0)'
    const sum = terms.length === 1 ? terms[0]!.slice(1, -1) : terms.join(' | ')
    const line = `  output.u8(${sum})`
    if (line.length <= LINE_WIDTH) return line
    return `  output.u8(\n    ${terms.join(' |\n      ')},\n  )`
  }
  const type = wireType(first)
  return `  ${first.reserved ? type.writeReserved : type.write(member(first))}`
}

function methodUnion(methods: readonly Method[]): string {
  const members = methods.map(({ constant, typeName, fields }) => {
    const id = `{ readonly id: typeof ${constant} }`
    return fields.length > 0 ? `  | (${id} & ${typeName})` : `  | ${id}`
  })
  return `/** Any method, told apart by \`id\`. */\nexport type Method =\n${members.join('\n')}`
}

function decodeMethodCode(methods: readonly Method[]): string {
  const cases = methods.map(({ constant, typeName, fields, groups }) => {
    const read = `decode${typeName}(cursor)`
    if (fields.length > 0)
      return `    case ${constant}:\n      return { id: ${constant}, ...${read} }`
    const skip = groups.length > 0 ? `      ${read}\n` : ''
    return `    case ${constant}:\n${skip}      return { id: ${constant} }`
  })
  return `/**
 * The method whose arguments fill the cursor.
 * @throws DecodeError if they are malformed, leave bytes over, or the id is not in METHODS
 */
export function decodeMethod(cursor: Cursor, id: number): Method {
  const method = decodeArguments(cursor, id)
  if (cursor.at !== cursor.end) throw new DecodeError('bytes are left over')
  return method
}

function decodeArguments(cursor: Cursor, id: number): Method {
  switch (id) {
${cases.join('\n')}
    default:
      throw new DecodeError('unknown method')
  }
}`
}

function writeMethodCode(methods: readonly Method[]): string {
  const cases = methods.map(({ constant, typeName, fields }) => {
    const args = fields.length > 0 ? 'output, channel, method' : 'output, channel'
    return `    case ${constant}:\n      return write${typeName}(${args})`
  })
  return `/** Writes the whole frame of any method. */
export function writeMethod(output: Output, channel: number, method: Method): void {
  switch (method.id) {
${cases.join('\n')}
  }
}`
}

function methodInfos(methods: readonly Method[]): string {
  const entries = methods.map(
    ({ constant, wireName, spec: { sentBy, content } }) =>
      `  info(${constant}, '${wireName}', '${sentBy}', ${content === true}),`,
  )
  return `/** What a peer may know of a method without decoding it. */
export interface MethodInfo {
  readonly id: number
  /** Such as 'basic.publish'. */
  readonly name: string
  readonly classId: number
  readonly methodId: number
  readonly sentBy: 'client' | 'server' | 'both'
  /** A content header and body frames follow. */
  readonly hasContent: boolean
}

/** Every method of AMQP 0-9-1 and RabbitMQ's extensions, by id. */
export const METHODS: ReadonlyMap<number, MethodInfo> = new Map([
${entries.join('\n')}
])

function info(
  id: number,
  name: string,
  sentBy: MethodInfo['sentBy'],
  hasContent: boolean,
): [number, MethodInfo] {
  return [id, { id, name, classId: id >>> 16, methodId: id & 0xffff, sentBy, hasContent }]
}`
}

function wireType(argument: Argument): WireType {
  const type = WIRE_TYPES[argument.type]
  if (type === undefined) throw new Error(`${argument.name} has the unknown type ${argument.type}`)
  return type
}

/** The items on one line if it is short enough, else one line each. */
function wrapped(before: string, items: readonly string[], after: string): string {
  const line = `${before}${items.join(', ')}${after}`
  if (line.length <= LINE_WIDTH) return line
  const indent = ' '.repeat(before.search(/\S/))
  const lines = items.map((item) => `${indent}  ${item},`)
  return [before.trimEnd(), ...lines, `${indent}${after.trimStart()}`].join('\n')
}

function member(argument: Argument): string {
  return `method.${camelCase(argument.name)}`
}

/** `arguments` is not allowed as the name of a variable. */
function localName(argument: Argument): string {
  return argument.name === 'arguments' ? 'table' : camelCase(argument.name)
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

const [, script] = process.argv
if (script === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('./methods.ts', import.meta.url), generateMethods())
}
