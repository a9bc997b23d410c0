import { EVERYTHING, type Login, NOTHING, type Patterns } from '../api.ts'

/** Somebody who tries a route. */
export interface Caller {
  readonly name: string
  readonly tag: Tag
  /** What is permitted in the vhost; null where there are no permissions for it. */
  readonly patterns: Patterns | null
}

export type Tag =
  | 'administrator'
  | 'monitoring'
  | 'policymaker'
  | 'management'
  | 'impersonator'
  | ''

/** Every tag, with permissions for the vhost and without; and a user who may do nothing in it. */
export const CALLERS: readonly Caller[] = [
  { name: 'untagged', tag: '', patterns: EVERYTHING },
  { name: 'impersonator', tag: 'impersonator', patterns: EVERYTHING },
  { name: 'management', tag: 'management', patterns: EVERYTHING },
  { name: 'management-powerless', tag: 'management', patterns: NOTHING },
  { name: 'management-elsewhere', tag: 'management', patterns: null },
  { name: 'policymaker', tag: 'policymaker', patterns: EVERYTHING },
  { name: 'policymaker-elsewhere', tag: 'policymaker', patterns: null },
  { name: 'monitoring', tag: 'monitoring', patterns: EVERYTHING },
  { name: 'monitoring-powerless', tag: 'monitoring', patterns: NOTHING },
  { name: 'monitoring-elsewhere', tag: 'monitoring', patterns: null },
  { name: 'administrator', tag: 'administrator', patterns: EVERYTHING },
  { name: 'administrator-powerless', tag: 'administrator', patterns: NOTHING },
  { name: 'administrator-elsewhere', tag: 'administrator', patterns: null },
]

/** Who does not get past the login: nobody, somebody unknown, and a user with a wrong password. */
export const STRANGERS = ['anonymous', 'unknown', 'wrong-password'] as const
export type Stranger = (typeof STRANGERS)[number]

/** Users whose password nobody gives: who fails to log in for the eleventh time has to wait. */
export const LOCKED_COUNT = 24

/** `attempt` tells those that failed before apart. */
export function loginOf(name: string, prefix: string, attempt: number): Login | null {
  switch (name) {
    case 'anonymous':
      return null
    case 'unknown':
      return { user: `${prefix}-nobody-${attempt}`, password: 'nothing' }
    case 'wrong-password':
      return { user: `${prefix}-locked-${attempt % LOCKED_COUNT}`, password: 'wrong' }
    default:
      return { user: `${prefix}-${name}`, password: `${prefix}-${name}` }
  }
}
