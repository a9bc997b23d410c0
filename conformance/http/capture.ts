import type { Shape } from './shape.ts'

/** A request, and what RabbitMQ 4.3.6 answered. */
export interface Capture {
  /** Group and name: `get/queue-classic`, `write/users 3`. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** The user, whose password is the same name; null for none. */
  readonly user: string | null
  readonly requestHeaders: Readonly<Record<string, string>>
  /** As it was sent; null for no body. */
  readonly body: string | null
  readonly status: number
  /** Headers that matter; a value of `*` stands for any. */
  readonly headers: Readonly<Record<string, string>>
  /** Of an answer that is JSON and no error. */
  readonly shape: Shape | null
  /** Only some items of a list were kept: others may have further fields. */
  readonly isTrimmed: boolean
  /** The body of an error. */
  readonly error: unknown
}

/** Headers that clients look at. */
export const COMPARED_HEADERS = [
  'allow',
  'cache-control',
  'content-encoding',
  'content-security-policy',
  'content-type',
  'location',
  'www-authenticate',
] as const

/** Headers that are compared only for being there. */
export const PRESENT_HEADERS = ['etag', 'pragma', 'expires', 'content-disposition'] as const
