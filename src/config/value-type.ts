/** What an option accepts: how its value is read from text, and how help and errors speak of it. */
export type ValueType<T> = {
  /** Stands for the value in help: `PORT`, `ADDRESS`. */
  readonly placeholder: string
  /** All values, where they are few. */
  readonly words?: readonly string[]
  /** Completes "must be ..." in errors. */
  readonly accepts: string
  /** The value, or null for text that is not acceptable. */
  parse(text: string): T | null
  /** The text that `parse` reads as this value. */
  format(value: T): string
}

/** Decimal integers, both bounds included. */
export function integer(placeholder: string, min: number, max: number): ValueType<number> {
  return {
    placeholder,
    accepts: `an integer from ${min} to ${max}`,
    parse(text) {
      if (!/^-?\d+$/.test(text)) return null
      const value = Number(text)
      return value >= min && value <= max ? value : null
    },
    format: String,
  }
}

/** One of a few words. */
export function choice<T extends string>(placeholder: string, words: readonly T[]): ValueType<T> {
  return {
    placeholder,
    words,
    accepts: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text) ?? null,
    format: (value) => value,
  }
}

/** Names separated by commas, at least one. */
export function names(placeholder: string): ValueType<readonly string[]> {
  return {
    placeholder,
    accepts: 'names separated by commas',
    parse: parseNames,
    format: (values) => values.join(','),
  }
}

/** Names separated by commas, or the word `none` for the empty list. */
export function namesOrNone(placeholder: string): ValueType<readonly string[]> {
  return {
    placeholder,
    accepts: "names separated by commas, or 'none'",
    parse: (text) => (text === 'none' ? [] : parseNames(text)),
    format: (values) => (values.length === 0 ? 'none' : values.join(',')),
  }
}

/** A path, or the word `none` for undefined. */
export function pathOrNone(placeholder: string): ValueType<string | undefined> {
  return {
    placeholder,
    accepts: "a path, or 'none'",
    parse: (text) => (text === 'none' ? undefined : text),
    format: (path) => path ?? 'none',
  }
}

/** Integers as `integer` reads them, or the words `none` and `infinity` for undefined. */
export function integerOrNone(
  placeholder: string,
  min: number,
  max: number,
): ValueType<number | undefined> {
  const { accepts, parse } = integer(placeholder, min, max)
  return {
    placeholder,
    accepts: `${accepts}, or 'none'`,
    parse: (text) => (text === 'none' || text === 'infinity' ? undefined : parse(text)),
    format: (value) => (value === undefined ? 'none' : String(value)),
  }
}

/** Any text; the empty one is none. */
export function text(placeholder: string): ValueType<string> {
  return {
    placeholder,
    accepts: 'a text',
    parse: (value) => (value === '' ? null : value),
    format: (value) => value,
  }
}

/** Any text; undefined is what nobody has said, which no text says. */
export function optionalText(placeholder: string): ValueType<string | undefined> {
  return {
    placeholder,
    accepts: 'a text',
    parse: (value) => (value === '' ? null : value),
    format: (value) => value ?? '',
  }
}

export function boolean(): ValueType<boolean> {
  return {
    placeholder: 'BOOLEAN',
    words: ['true', 'false'],
    accepts: 'true or false',
    parse: (value) => (value === 'true' ? true : value === 'false' ? false : null),
    format: String,
  }
}

/** Some of a few words, separated by commas. */
export function choices<T extends string>(
  placeholder: string,
  words: readonly T[],
): ValueType<readonly T[]> {
  return {
    placeholder,
    words,
    accepts: `some of ${words.join(', ')}, separated by commas`,
    parse(value) {
      const chosen = value.split(',').map((name) => words.find((word) => word === name.trim()))
      return chosen.every((word) => word !== undefined) ? chosen : null
    },
    format: (values) => values.join(','),
  }
}

function parseNames(text: string): readonly string[] | null {
  const values = text.split(',').map((name) => name.trim())
  return values.includes('') ? null : values
}
