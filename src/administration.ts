import { Permissions, TopicPermissions } from './auth/permissions.ts'
import type { User } from './auth/users.ts'
import type { NodeMaxima } from './core/node-limits.ts'
import type { Policy, PolicyTarget } from './core/policy/policy.ts'
import type { Vhost } from './core/vhost.ts'
import type { Alarm } from './protocol/alarms.ts'
import { forceClose } from './protocol/force-close.ts'
import type { Services } from './protocol/services.ts'

/**
 * What an operator does to a running broker: vhosts, users, permissions, limits and policies. Everything takes effect
 * at once, on what is open already too. A name that does not exist is an error of the caller.
 */
export class Administration {
  private readonly services: Services

  constructor(services: Services) {
    this.services = services
  }

  /** Limits of the whole broker; those not named stay as they are. */
  setNodeLimits(maxima: Partial<NodeMaxima>): void {
    const { limits } = this.services
    limits.maxima = { ...limits.maxima, ...maxima }
  }

  /** Copies all that is published and delivered in a vhost to its exchange amq.rabbitmq.trace, or stops that. */
  setTracing(vhost: string, isOn: boolean): void {
    this.vhost(vhost).isTraced = isOn
  }

  /** Whoever publishes is blocked while an alarm is on. */
  setAlarm(alarm: Alarm, isOn: boolean): void {
    const { alarms } = this.services
    if (isOn) alarms.raise(alarm)
    else alarms.clear(alarm)
  }

  /** Closes every connection with 320 and this reason. */
  closeAllConnections(reason: string): void {
    this.closeConnections(() => true, reason)
  }

  addVhost(name: string): void {
    this.services.vhosts.add(name)
  }

  /** Deletes a vhost with all that is in it, and closes its connections. */
  deleteVhost(name: string): void {
    const vhost = this.vhost(name)
    this.closeConnections((open) => open === vhost, `vhost '${name}' is deleted`)
    this.services.vhosts.delete(name)
    this.services.users.forgetVhost(name)
  }

  /** Most queues and connections of a vhost; null for any number. */
  setVhostLimits(name: string, limits: VhostLimits): void {
    const vhost = this.vhost(name)
    if (limits.maxQueues !== undefined) vhost.maxQueues = limits.maxQueues
    if (limits.maxConnections !== undefined) vhost.maxConnections = limits.maxConnections
  }

  /** Adds a user, or gives one that exists another password and other tags. */
  addUser(name: string, password: string, tags: readonly string[] = []): void {
    this.services.users.add(name, password, tags)
  }

  /** Deletes a user and closes its connections. */
  deleteUser(name: string): void {
    const user = this.user(name)
    this.services.users.delete(name)
    this.closeConnections((_vhost, owner) => owner === user, `user '${name}' is deleted`)
  }

  /** Most connections and channels of a user; null for any number. */
  setUserLimits(name: string, limits: UserLimits): void {
    const user = this.user(name)
    if (limits.maxConnections !== undefined) user.maxConnections = limits.maxConnections
    if (limits.maxChannels !== undefined) user.maxChannels = limits.maxChannels
  }

  /** Regular expressions of names. Throws a SyntaxError for one that is none. */
  setPermissions(user: string, vhost: string, permissions: PermissionPatterns): void {
    const { configure, write, read } = permissions
    const patterns = new Permissions(configure, write, read)
    this.services.users.setPermissions(this.user(user), this.vhost(vhost).name, patterns)
  }

  clearPermissions(user: string, vhost: string): void {
    this.services.users.setPermissions(this.user(user), vhost, null)
  }

  /** Regular expressions of routing keys. Throws a SyntaxError for one that is none. */
  setTopicPermissions(
    user: string,
    vhost: string,
    exchange: string,
    permissions: Pick<PermissionPatterns, 'write' | 'read'>,
  ): void {
    const patterns = new TopicPermissions(permissions.write, permissions.read)
    this.services.users.setTopicPermissions(
      this.user(user),
      this.vhost(vhost).name,
      exchange,
      patterns,
    )
  }

  clearTopicPermissions(user: string, vhost: string, exchange: string): void {
    this.services.users.setTopicPermissions(this.user(user), vhost, exchange, null)
  }

  /** Throws an Error, with RabbitMQ's reason, for a policy that cannot be. */
  setPolicy(vhost: string, policy: PolicySettings): void {
    this.vhost(vhost).setPolicy(policyOf(policy), false)
  }

  deletePolicy(vhost: string, name: string): void {
    this.vhost(vhost).deletePolicy(name, false)
  }

  /** Throws an Error, with RabbitMQ's reason, for a policy that cannot be. */
  setOperatorPolicy(vhost: string, policy: PolicySettings): void {
    this.vhost(vhost).setPolicy(policyOf(policy), true)
  }

  deleteOperatorPolicy(vhost: string, name: string): void {
    this.vhost(vhost).deletePolicy(name, true)
  }

  private vhost(name: string): Vhost {
    const vhost = this.services.vhosts.get(name)
    if (vhost === undefined) throw new Error(`no vhost '${name}'`)
    return vhost
  }

  private user(name: string): User {
    const user = this.services.users.get(name)
    if (user === null) throw new Error(`no user '${name}'`)
    return user
  }

  private closeConnections(
    isConcerned: (vhost: Vhost, user: User) => boolean,
    reason: string,
  ): void {
    const concerned = [...this.services.connections].filter(
      ({ session }) => session !== null && isConcerned(session.vhost, session.user),
    )
    forceClose(concerned, reason)
  }
}

export interface VhostLimits {
  readonly maxQueues?: number | null
  readonly maxConnections?: number | null
}

export interface UserLimits {
  readonly maxConnections?: number | null
  readonly maxChannels?: number | null
}

/** Regular expressions; the empty one permits nothing. */
export interface PermissionPatterns {
  readonly configure: string
  readonly write: string
  readonly read: string
}

/** A policy as operators write it: `{ name: 'ttl', pattern: '^tmp', definition: { 'message-ttl': 60000 } }`. */
export interface PolicySettings {
  readonly name: string
  /** A regular expression, not anchored. */
  readonly pattern: string
  /** `all` unless given. */
  readonly applyTo?: PolicyTarget
  /** 0 unless given; of several that match, the highest applies. */
  readonly priority?: number
  readonly definition: Readonly<Record<string, string | number>>
}

function policyOf({ applyTo = 'all', priority = 0, ...policy }: PolicySettings): Policy {
  return { ...policy, applyTo, priority, definition: new Map(Object.entries(policy.definition)) }
}
