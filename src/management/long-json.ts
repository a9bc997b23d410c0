import type { Json } from '../common/json.ts'
import type { Slices } from '../common/slices.ts'

/**
 * What JSON.parse makes of these bytes, in slices: of an object, the items of its lists are read some at a time, so that a
 * long list stops nothing. Rejects with a SyntaxError for what is no JSON. `batchSize` is how many bytes of a list are
 * read in one go.
 */
export async function parsedInSlices(
  bytes: Buffer,
  slices: Slices,
  batchSize = BATCH_SIZE,
): Promise<Json> {
  const text = new LongText(bytes)
  if (text.next() !== OPEN_BRACE) return text.parsed(0, bytes.length)
  const members = new Map<string, Json>()
  text.at++
  if (text.next() === CLOSE_BRACE) text.at++
  else {
    for (;;) {
      const name = text.key()
      members.set(name, text.next() === OPEN_BRACKET ? await list() : text.value())
      if (text.isEndOf(CLOSE_BRACE)) break
    }
  }
  if (text.next() !== END) throw unexpected(text)
  return Object.fromEntries(members)

  async function list(): Promise<Json> {
    const items: Json[] = []
    text.at++
    if (text.next() === CLOSE_BRACKET) {
      text.at++
      return items
    }
    for (let isEnd = false, start = text.at; !isEnd; ) {
      text.skipValue()
      const end = text.at
      isEnd = text.isEndOf(CLOSE_BRACKET)
      if (!isEnd && end - start < batchSize) continue
      for (const item of text.items(start, end)) items.push(item)
      start = text.at
      if (slices.isOver) await slices.pause()
    }
    return items
  }
}

const BATCH_SIZE = 32_768

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const END = -1

/** Finds where values end, without reading them: whether they are any, JSON.parse says. */
class LongText {
  at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** The next byte that is no space. */
  next(): number {
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at]!
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
    }
    return END
  }

  /** The name of a member; goes to its value. */
  key(): string {
    if (this.next() !== QUOTE) throw unexpected(this)
    const start = this.at
    this.skipText()
    const name = String(this.parsed(start, this.at))
    if (this.next() !== COLON) throw unexpected(this)
    this.at++
    return name
  }

  value(): Json {
    this.next()
    const start = this.at
    this.skipValue()
    return this.parsed(start, this.at)
  }

  /** Whether this byte comes next, and not a comma with something behind it. Goes past either. */
  isEndOf(closing: number): boolean {
    const byte = this.next()
    this.at++
    if (byte === closing) return true
    if (byte !== COMMA || this.next() === closing) throw unexpected(this)
    return false
  }

  skipValue(): void {
    const { bytes } = this
    this.next()
    let depth = 0
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at]!
      if (byte === QUOTE) {
        this.skipText()
        if (depth === 0) return
        this.at--
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (depth === 0) return
        depth--
        if (depth === 0) {
          this.at++
          return
        }
      } else if (depth === 0 && byte === COMMA) return
    }
  }

  /** What stands between two places, which has to be one value. */
  parsed(start: number, end: number): Json {
    return JSON.parse(this.bytes.toString('utf8', start, end))
  }

  /** What stands between two places, separated by commas. */
  items(start: number, end: number): readonly Json[] {
    return JSON.parse(`[${this.bytes.toString('utf8', start, end)}]`)
  }

  /** Past the quote at the end of a text. */
  private skipText(): void {
    const { bytes } = this
    for (this.at++; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at]!
      if (byte === BACKSLASH) this.at++
      else if (byte === QUOTE) {
        this.at++
        return
      }
    }
  }
}

function unexpected({ at }: LongText): SyntaxError {
  return new SyntaxError(`unexpected byte at position ${at}`)
}
