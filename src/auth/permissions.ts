import { patternOf } from '../common/pattern.ts'

/** What a user may do in a vhost: patterns of resource names (RabbitMQ documentation, access control). */
export class Permissions {
  readonly configure: string
  readonly write: string
  readonly read: string
  private readonly patterns: Record<Permission, RegExp | null>

  /** Throws a SyntaxError for a pattern that is no regular expression. */
  constructor(configure: string, write: string, read: string) {
    this.configure = configure
    this.write = write
    this.read = read
    this.patterns = { configure: compile(configure), write: compile(write), read: compile(read) }
  }

  /** The default exchange goes by the name `amq.default` here. */
  permits(permission: Permission, name: string): boolean {
    return this.patterns[permission]?.test(name === '' ? 'amq.default' : name) ?? false
  }
}

/** What somebody has who may do anything. */
export const ALL_PERMISSIONS = { configure: '.*', write: '.*', read: '.*' } as const

export type Permission = 'configure' | 'write' | 'read'

/**
 * What a user may publish to and bind from a topic exchange, by routing key. In the patterns, `{username}` and
 * `{vhost}` stand for those of the connection.
 */
export class TopicPermissions {
  readonly write: string
  readonly read: string
  /** By pattern with its variables filled in: a user's in a vhost, so there are two. */
  private readonly compiled = new Map<string, RegExp | null>()

  /** Throws a SyntaxError for a pattern that is no regular expression. */
  constructor(write: string, read: string) {
    this.write = write
    this.read = read
    assertPatterns(write, read)
  }

  permits(
    permission: 'write' | 'read',
    routingKey: string,
    username: string,
    vhost: string,
  ): boolean {
    const pattern = this[permission]
      .replaceAll('{username}', literal(username))
      .replaceAll('{vhost}', literal(vhost))
    let compiled = this.compiled.get(pattern)
    if (compiled === undefined) {
      compiled = compile(pattern)
      this.compiled.set(pattern, compiled)
    }
    return compiled?.test(routingKey) ?? false
  }
}

/** Throws a SyntaxError for a pattern that is no regular expression. */
export function assertPatterns(...patterns: readonly string[]): void {
  for (const pattern of patterns) compile(pattern)
}

/** The empty pattern permits nothing. */
function compile(pattern: string): RegExp | null {
  return pattern === '' ? null : patternOf(pattern)
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
