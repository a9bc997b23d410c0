import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts'

/** An object that was read from JSON. Its fields are checked as they are taken; an Error tells which one is wrong. */
export class JsonFields {
  private readonly fields: JsonObject

  constructor(json: unknown) {
    if (!isJsonObject(json)) throw new Error('no object')
    this.fields = json
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name)
  }

  /** What `read` makes of a field. What it complains of is said with the field's name. */
  take<T>(name: string, read: (json: unknown) => T): T {
    try {
      return read(this.fields[name])
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  }

  text(name: string): string {
    return this.take(name, textOf)
  }

  boolean(name: string): boolean {
    return this.take(name, booleanOf)
  }

  number(name: string): number {
    return this.take(name, numberOf)
  }

  /** Null stands for no limit. */
  limit(name: string): number | null {
    return this.take(name, limitOf)
  }
}

export function textOf(json: unknown): string {
  if (typeof json === 'string') return json
  throw new Error('no text')
}

export function booleanOf(json: unknown): boolean {
  if (typeof json === 'boolean') return json
  throw new Error('neither true nor false')
}

/** A number as JSON; what JSON has no number for is written as text. `numberOf` reads it. */
export function numberJson(value: number): Json {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

export function numberOf(json: unknown): number {
  if (typeof json === 'number') return json
  if (typeof json === 'string' && NUMBERS_AS_TEXT.includes(json)) return Number(json)
  throw new Error('no number')
}

const NUMBERS_AS_TEXT = ['-0', 'NaN', 'Infinity', '-Infinity']

export function integerOf(json: unknown): number {
  if (typeof json === 'number' && Number.isInteger(json)) return json
  throw new Error('no integer')
}

function limitOf(json: unknown): number | null {
  return json === null ? null : numberOf(json)
}

/** Decimal digits, with a sign or without. */
export function bigintOf(json: unknown): bigint {
  if (typeof json === 'string' && /^-?\d+$/.test(json)) return BigInt(json)
  throw new Error('no digits')
}

export function listOf(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json
  throw new Error('no list')
}
