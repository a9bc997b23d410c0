/** What a user may do in a vhost: patterns of resource names (RabbitMQ documentation, access control). */
export class Permissions {
  private readonly patterns: Record<Permission, RegExp | null>

  /** Throws a SyntaxError for a pattern that is no regular expression. */
  constructor(configure: string, write: string, read: string) {
    this.patterns = {
      configure: compile(configure),
      write: compile(write),
      read: compile(read),
    }
  }

  /** The default exchange goes by the name `amq.default` here. */
  permits(permission: Permission, name: string): boolean {
    return this.patterns[permission]?.test(name === '' ? 'amq.default' : name) ?? false
  }
}

export type Permission = 'configure' | 'write' | 'read'

/** The empty pattern permits nothing. */
function compile(pattern: string): RegExp | null {
  return pattern === '' ? null : new RegExp(pattern, 'u')
}
