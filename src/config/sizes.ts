import type { ValueType } from './value-type.ts'

/**
 * Bytes with the units of RabbitMQ's resource limits: `kB`, `MB` and so on are powers of 1000, `KiB`, `MiB` and the bare
 * letters powers of 1024 (RabbitMQ documentation, memory).
 */
export function informationUnits(placeholder: string): ValueType<number> {
  return {
    placeholder,
    accepts: 'a number of bytes such as 2GB or 512MiB',
    parse(text) {
      const [, digits, letter = '', suffix = ''] = /^(\d+)(?:([kmgtp])(i?b?))?$/i.exec(text) ?? []
      if (digits === undefined) return null
      const base = suffix.toLowerCase() === 'b' ? 1000 : 1024
      return safe(Number(digits) * base ** exponentOf(letter))
    },
    format: String,
  }
}

/** Bytes as cuttlefish reads sizes of frames and messages, where `KB`, `MB` and `GB` are powers of 1024. */
export function byteSize(placeholder: string, min: number, max: number): ValueType<number> {
  return {
    placeholder,
    accepts: `an integer from ${min} to ${max}`,
    parse(text) {
      const [, digits, letter = ''] = /^(\d+)(?:([kmg])i?b?)?$/i.exec(text) ?? []
      if (digits === undefined) return null
      const size = Number(digits) * 1024 ** exponentOf(letter)
      return size >= min && size <= max ? size : null
    },
    format: String,
  }
}

function exponentOf(letter: string): number {
  return letter === '' ? 0 : 'kmgtp'.indexOf(letter.toLowerCase()) + 1
}

function safe(size: number): number | null {
  return Number.isSafeInteger(size) ? size : null
}
