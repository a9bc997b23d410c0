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

function parseNames(text: string): readonly string[] | null {
  const values = text.split(',').map((name) => name.trim())
  return values.includes('') ? null : values
}
