import { hashPassword, SHA256 } from './auth/password.ts'
import { assertPatterns } from './auth/permissions.ts'
import type { Json } from './common/json.ts'
import type { NodeMaxima } from './core/node-limits.ts'
import type { Policy, PolicyTarget } from './core/policy/policy.ts'
import type { UserDefinition, VhostDescription } from './core/ports.ts'
import { Refusal } from './core/refusal.ts'
import { untilDurable } from './core/until-durable.ts'
import { Definitions } from './definitions.ts'
import type { Alarm } from './protocol/alarms.ts'
import { forceClose } from './protocol/force-close.ts'
import type { ResourceSettings } from './protocol/resource-watch.ts'
import type { Services } from './protocol/services.ts'

/**
 * What an operator does to a running broker: vhosts, users, permissions, limits and policies. Everything takes effect
 * at once, on what is open already too. Vhosts, users, permissions, policies and limits of vhosts and users are kept where
 * the broker keeps anything. A name that does not exist is an error of the caller.
 */
export class Administration {
  private readonly services: Services
  private readonly definitions: Definitions

  constructor(services: Services) {
    this.services = services
    this.definitions = new Definitions(services)
  }

  /** Resolves when all that has been changed so far would survive losing power; at once where nothing is kept. */
  whenDurable(): Promise<void> {
    const { durability } = this.services.store
    return untilDurable(durability, durability.recorded)
  }

  /** Limits of the whole broker; those not named stay as they are. */
  setNodeLimits(maxima: Partial<NodeMaxima>): void {
    const { limits } = this.services
    limits.maxima = { ...limits.maxima, ...maxima }
  }

  /** Copies all that is published and delivered in a vhost to its exchange amq.rabbitmq.trace, or stops that. */
  setTracing(vhost: string, isOn: boolean): void {
    this.definitions.vhost(vhost).isTraced = isOn
  }

  /** Whoever publishes is blocked while an alarm is on. One that the broker has raised by itself is not cleared. */
  setAlarm(alarm: Alarm, isOn: boolean): void {
    const { alarms } = this.services
    if (isOn) alarms.raise(alarm, 'operator')
    else alarms.clear(alarm, 'operator')
  }

  /** Limits past which memory and disk raise their alarms by themselves; null for none. Those not named stay. */
  setResourceLimits(limits: Partial<ResourceSettings>): void {
    this.services.watch.setLimits(limits)
  }

  /** Channels that connections to come may open; 0 for any number. */
  setChannelMax(channelMax: number): void {
    this.services.settings.channelMax = channelMax
  }

  /** Users who may log in from this machine only, from now on. */
  setLoopbackUsers(users: readonly string[]): void {
    this.services.settings.loopbackUsers = new Set(users)
  }

  /** Closes every connection with 320 and this reason. */
  closeAllConnections(reason: string): void {
    const open = [...this.services.connections].filter(({ session }) => session !== null)
    forceClose(open, reason)
  }

  addVhost(name: string): void {
    if (this.services.vhosts.get(name) === undefined) this.definitions.addVhost(name)
  }

  /** What is not named stays as it is. */
  describeVhost(name: string, description: Partial<Omit<VhostDescription, 'vhost'>>): void {
    const vhost = this.definitions.vhost(name)
    this.definitions.change({
      kind: 'vhost-described',
      description: { ...vhost.description, ...description },
    })
  }

  /** Deletes a vhost with all that is in it, and closes its connections. Throws a Refusal for one that is protected. */
  deleteVhost(name: string): void {
    const vhost = this.definitions.vhost(name)
    if (vhost.description.isProtected) {
      const text = `Refusing to delete virtual host '${name}' because it is protected from deletion`
      throw new Refusal('precondition-failed', text)
    }
    this.definitions.change({ kind: 'vhost-deleted', vhost: vhost.name })
  }

  /** Most queues and connections of a vhost; null for any number. */
  setVhostLimits(name: string, limits: VhostLimits): void {
    const vhost = this.definitions.vhost(name)
    const { maxQueues = vhost.maxQueues, maxConnections = vhost.maxConnections } = limits
    this.definitions.change({
      kind: 'vhost-limited',
      limits: { vhost: name, maxQueues, maxConnections },
    })
  }

  /** Adds a user, or gives one that exists another password and other tags. */
  addUser(name: string, password: string, tags: readonly string[] = []): void {
    this.putUser({ name, passwordHash: hashPassword(password), tags })
  }

  /**
   * Adds a user with a password hash as another broker has made it, or changes one that exists: limits that are not named
   * stay as they are, the hashing algorithm becomes SHA-256 unless it is named.
   */
  putUser(settings: UserSetting): void {
    const { maxConnections = null, maxChannels = null } =
      this.services.users.get(settings.name) ?? {}
    const user = { maxConnections, maxChannels, ...settings, tags: [...settings.tags] }
    this.definitions.change({ kind: 'user-set', user })
  }

  /** Gives a user another password. */
  changePassword(name: string, password: string): void {
    const passwordHash = hashPassword(password)
    const { hashingAlgorithm, ...user } = this.userDefinition(name)
    this.definitions.change({ kind: 'user-set', user: { ...user, passwordHash } })
  }

  /** From then on no password lets the user in. */
  clearPassword(name: string): void {
    const user = this.userDefinition(name)
    this.definitions.change({ kind: 'user-set', user: { ...user, passwordHash: '' } })
  }

  setUserTags(name: string, tags: readonly string[]): void {
    const user = this.userDefinition(name)
    this.definitions.change({ kind: 'user-set', user: { ...user, tags: [...tags] } })
  }

  /** Deletes a user and closes its connections. */
  deleteUser(name: string): void {
    this.definitions.change({ kind: 'user-deleted', user: this.definitions.user(name).name })
  }

  /** Most connections and channels of a user; null for any number. */
  setUserLimits(name: string, limits: UserLimits): void {
    const user = this.userDefinition(name)
    const { maxConnections = user.maxConnections, maxChannels = user.maxChannels } = limits
    this.definitions.change({ kind: 'user-set', user: { ...user, maxConnections, maxChannels } })
  }

  /** Regular expressions of names. Throws a SyntaxError for one that is none. */
  setPermissions(user: string, vhost: string, permissions: PermissionPatterns): void {
    const { configure, write, read } = permissions
    assertPatterns(configure, write, read)
    this.definitions.change({
      kind: 'permissions-set',
      permissions: { ...this.found(user, vhost), configure, write, read },
    })
  }

  clearPermissions(user: string, vhost: string): void {
    const { name } = this.definitions.user(user)
    this.definitions.change({ kind: 'permissions-cleared', user: name, vhost })
  }

  /** Regular expressions of routing keys. Throws a SyntaxError for one that is none. */
  setTopicPermissions(
    user: string,
    vhost: string,
    exchange: string,
    permissions: Pick<PermissionPatterns, 'write' | 'read'>,
  ): void {
    const { write, read } = permissions
    assertPatterns(write, read)
    this.definitions.change({
      kind: 'topic-permissions-set',
      permissions: { ...this.found(user, vhost), exchange, write, read },
    })
  }

  clearTopicPermissions(user: string, vhost: string, exchange: string): void {
    const { name } = this.definitions.user(user)
    this.definitions.change({ kind: 'topic-permissions-cleared', user: name, vhost, exchange })
  }

  /** Throws an Error, with RabbitMQ's reason, for a policy that cannot be. */
  setPolicy(vhost: string, policy: PolicySettings): void {
    this.definitions.vhost(vhost).setPolicy(policyOf(policy), false)
  }

  deletePolicy(vhost: string, name: string): void {
    this.definitions.vhost(vhost).deletePolicy(name, false)
  }

  /** Throws an Error, with RabbitMQ's reason, for a policy that cannot be. */
  setOperatorPolicy(vhost: string, policy: PolicySettings): void {
    this.definitions.vhost(vhost).setPolicy(policyOf(policy), true)
  }

  deleteOperatorPolicy(vhost: string, name: string): void {
    this.definitions.vhost(vhost).deletePolicy(name, true)
  }

  /** Keeps a parameter for a component; nothing but what asks for it takes notice. */
  setParameter(component: string, vhost: string, name: string, value: Json): void {
    const parameter = { component, vhost: this.definitions.vhost(vhost).name, name, value }
    this.definitions.change({ kind: 'parameter-set', parameter })
  }

  /** False when there was none. */
  clearParameter(component: string, vhost: string, name: string): boolean {
    const isThere = this.services.parameters.get(component, vhost, name) !== undefined
    if (isThere) this.definitions.change({ kind: 'parameter-cleared', component, vhost, name })
    return isThere
  }

  setGlobalParameter(name: string, value: Json): void {
    this.definitions.change({ kind: 'global-parameter-set', name, value })
  }

  /** False when there was none. */
  clearGlobalParameter(name: string): boolean {
    const isThere = this.services.parameters.global.has(name)
    if (isThere) this.definitions.change({ kind: 'global-parameter-cleared', name })
    return isThere
  }

  /** A user as it would be recorded again. */
  private userDefinition(name: string): UserDefinition {
    const { passwordHash, hashingAlgorithm, tags, ...user } = this.definitions.user(name)
    const { maxConnections, maxChannels } = user
    const settings = { name, passwordHash, tags: [...tags], maxConnections, maxChannels }
    return hashingAlgorithm === SHA256 ? settings : { ...settings, hashingAlgorithm }
  }

  /** Both exist. */
  private found(user: string, vhost: string): { user: string; vhost: string } {
    return { user: this.definitions.user(user).name, vhost: this.definitions.vhost(vhost).name }
  }
}

export interface VhostLimits {
  readonly maxQueues?: number | null
  readonly maxConnections?: number | null
}

/** A user as other brokers export one. */
export interface UserSetting {
  readonly name: string
  /** Base64 of a 4-byte salt and a digest; the empty text fits no password. */
  readonly passwordHash: string
  /** RabbitMQ's name of it. */
  readonly hashingAlgorithm?: string
  readonly tags: readonly string[]
  readonly maxConnections?: number | null
  readonly maxChannels?: number | null
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
