import type { Session } from '../../support/session.ts'
import { EVERYTHING, NOTHING, type Patterns } from '../api.ts'

/** What a user has to be permitted, in the words of RabbitMQ's refusals. */
export type Right = ResourceRight | TopicRight

export interface ResourceRight {
  readonly permission: 'configure' | 'write' | 'read'
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

export interface TopicRight {
  readonly permission: 'write' | 'read'
  readonly kind: 'topic'
  readonly exchange: string
  readonly key: string
}

/** The names of a queue that the broker makes up. */
export const GENERATED = 'amq.gen-*'

export function configure(kind: ResourceRight['kind'], name: string): Right {
  return { permission: 'configure', kind, name }
}

export function write(kind: ResourceRight['kind'], name: string): Right {
  return { permission: 'write', kind, name }
}

export function read(kind: ResourceRight['kind'], name: string): Right {
  return { permission: 'read', kind, name }
}

export function topic(permission: 'write' | 'read', exchange: string, key: string): Right {
  return { permission, kind: 'topic', exchange, key }
}

/** `write access to exchange 'x' in vhost '/' refused for user 'u'`; RabbitMQ 3.10 does not say which access. */
export function refusalText(
  right: Right,
  { target: { broker, vhost } }: Pick<Session, 'target'>,
  user: string,
): string {
  const isOld = broker.product === 'RabbitMQ' && broker.version.startsWith('3.10.')
  const access = isOld ? 'access' : `${right.permission} access`
  return `ACCESS_REFUSED - ${access} to ${object(right)} in vhost '${vhost}' refused for user '${user}'`
}

/** For the name of a case. */
export function describeRight(right: Right): string {
  return `${right.permission} on ${right.kind}`
}

function object(right: Right): string {
  if (right.kind === 'topic') return `topic '${right.key}' in exchange '${right.exchange}'`
  return `${right.kind} '${right.name}'`
}

/** What a user is given: patterns of names, and of routing keys by topic exchange. */
export interface Grant {
  readonly patterns: Patterns
  readonly topics: ReadonlyMap<string, Omit<Patterns, 'configure'>>
}

/** These rights and nothing else. */
export function exactly(rights: readonly Right[]): Grant {
  return {
    patterns: {
      configure: only(names(rights, 'configure')),
      write: only(names(rights, 'write')),
      read: only(names(rights, 'read')),
    },
    topics: new Map(
      exchangesOf(rights).map((exchange) => [
        exchange,
        {
          write: only(keys(rights, 'write', exchange)),
          read: only(keys(rights, 'read', exchange)),
        },
      ]),
    ),
  }
}

/** Everything but these rights. */
export function allBut(rights: readonly Right[]): Grant {
  return {
    patterns: {
      configure: notOf(names(rights, 'configure')),
      write: notOf(names(rights, 'write')),
      read: notOf(names(rights, 'read')),
    },
    topics: new Map(
      exchangesOf(rights).map((exchange) => [
        exchange,
        {
          write: notOf(keys(rights, 'write', exchange)),
          read: notOf(keys(rights, 'read', exchange)),
        },
      ]),
    ),
  }
}

export const ALL: Grant = { patterns: EVERYTHING, topics: new Map() }
export const NONE: Grant = { patterns: NOTHING, topics: new Map() }

function names(rights: readonly Right[], permission: Right['permission']): readonly string[] {
  return rights.flatMap((right) =>
    right.kind !== 'topic' && right.permission === permission ? [right.name] : [],
  )
}

function keys(
  rights: readonly Right[],
  permission: Right['permission'],
  exchange: string,
): readonly string[] {
  return rights.flatMap((right) =>
    right.kind === 'topic' && right.permission === permission && right.exchange === exchange
      ? [right.key]
      : [],
  )
}

function exchangesOf(rights: readonly Right[]): readonly string[] {
  return rights.flatMap((right) => (right.kind === 'topic' ? [right.exchange] : []))
}

function only(some: readonly string[]): string {
  return some.length === 0 ? '^$' : `^(${some.map(literal).join('|')})$`
}

function notOf(some: readonly string[]): string {
  return some.length === 0 ? '.*' : `^(?!(${some.map(literal).join('|')})$)`
}

function literal(name: string): string {
  const escaped = name.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')
  return escaped.replaceAll('*', '.*')
}
