import { wordsOf } from '../ctl/capture.ts'

/** One command line, run on both brokers. */
export interface Case {
  /**
   * As a shell takes it. `{directory}`, `{host}`, `{port}` and `{connection}` stand for what the broker has: a directory
   * for files, where its HTTP API listens, and the name of an open connection.
   */
  readonly line: string
  /** What is compared of the output: the lines; the JSON in it; or nothing, but whether something was printed. */
  readonly compares: 'lines' | 'json' | 'status'
  readonly input: string
  /** A file that it leaves behind, compared as JSON where its name ends so, otherwise octet by octet. */
  readonly file: string | null
  /** Whether it says by itself where the broker is. */
  readonly isPlaced: boolean
  /** What clients do before it. */
  readonly before: 'connect' | 'disconnect' | null
}

export type CaseWish = Partial<Omit<Case, 'line'>>

export function adminCase(line: string, wish: CaseWish = {}): Case {
  const plain = { compares: 'lines', input: '', file: null, isPlaced: false, before: null } as const
  return { ...plain, line, ...wish }
}

/** Many that differ only in their command lines, one for each line of a text. */
export function adminCases(lines: string, wish: CaseWish = {}): readonly Case[] {
  const all = lines.split('\n').map((line) => line.trim())
  return all.filter((line) => line !== '').map((line) => adminCase(line, wish))
}

/** Whether it only reads, so that it can be run again until statistics have caught up. */
export function isReading({ line }: Case): boolean {
  return wordsOf(line).some((word) => word === 'list' || word === 'show')
}

/** Whether it asks for an order, so that the order of its lines means something. */
export function isSorted({ line }: Case): boolean {
  return wordsOf(line).some((word) => /^(-S|-R|--sort|--sort-reverse|--help|help)$/.test(word))
}
