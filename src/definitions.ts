import { hashPassword } from './auth/password.ts'
import { Permissions, TopicPermissions } from './auth/permissions.ts'
import type { User } from './auth/users.ts'
import type { DefinitionChange } from './core/ports.ts'
import { Refusal } from './core/refusal.ts'
import { undescribed, type Vhost } from './core/vhost.ts'
import { type DefaultUser, defaultsFor } from './core/vhost-defaults.ts'
import { forceClose } from './protocol/force-close.ts'
import type { Services } from './protocol/services.ts'

/**
 * The one way in for definitions: what an operator changes is recorded first and applied then. What there was when the
 * broker started, or what comes from elsewhere, is applied in the same way, without being recorded again.
 */
export class Definitions {
  private readonly services: Services

  constructor(services: Services) {
    this.services = services
  }

  /** The caller has checked that the change can be applied: nothing may be recorded that cannot. */
  change(change: OperatorChange): void {
    this.services.store.definitions.record(change)
    this.applyOperators(change)
  }

  /** Adds a vhost with all that the broker has been told that new ones begin with. */
  addVhost(vhost: string, text = ''): void {
    this.change({ kind: 'vhost-added', vhost })
    const { defaultQueueType } = this.services.settings
    const blank = undescribed(vhost)
    if (text !== blank.text || defaultQueueType !== blank.defaultQueueType) {
      this.change({ kind: 'vhost-described', description: { ...blank, text, defaultQueueType } })
    }
    const { limits, policies, users } = defaultsFor(vhost, this.services.settings.vhostDefaults)
    if (limits !== null) {
      const { maxConnections = null, maxQueues = null } = limits
      this.change({ kind: 'vhost-limited', limits: { vhost, maxConnections, maxQueues } })
    }
    for (const policy of policies) this.vhost(vhost).setPolicy(policy, true)
    for (const user of users) this.addDefaultUser(vhost, user)
  }

  private addDefaultUser(vhost: string, user: DefaultUser): void {
    const { name, password, tags = [], configure = '.*', write = '.*', read = '.*' } = user
    if (this.services.users.get(name) === null) {
      const passwordHash = password === undefined ? '' : hashPassword(password)
      const limits = { maxConnections: null, maxChannels: null }
      this.change({ kind: 'user-set', user: { name, passwordHash, tags: [...tags], ...limits } })
    }
    const permissions = { user: name, vhost, configure, write, read }
    this.change({ kind: 'permissions-set', permissions })
  }

  /** What a new broker begins with: a vhost, and a user with permissions there. What is there stays. */
  addDefaults({ user, password, vhost, tags, permissions }: Defaults): void {
    const { users, vhosts } = this.services
    if (vhosts.get(vhost) === undefined) this.addVhost(vhost, 'Default virtual host')
    if (users.get(user) !== null) return
    const passwordHash = hashPassword(password)
    const limits = { maxConnections: null, maxChannels: null }
    this.change({ kind: 'user-set', user: { name: user, passwordHash, tags, ...limits } })
    this.change({ kind: 'permissions-set', permissions: { user, vhost, ...permissions } })
  }

  /** Applies a change that has been recorded before. Throws a Refusal when what it builds upon is not there. */
  apply(change: DefinitionChange): void {
    switch (change.kind) {
      case 'exchange-declared':
        return this.vhost(change.exchange.vhost).restoreDefinition(change)
      case 'queue-declared':
        return this.vhost(change.queue.vhost).restoreDefinition(change)
      case 'bound':
        return this.vhost(change.binding.vhost).restoreDefinition(change)
      case 'policy-set':
        return this.vhost(change.policy.vhost).restoreDefinition(change)
      case 'exchange-deleted':
      case 'queue-deleted':
      case 'unbound':
      case 'policy-deleted':
        throw new Refusal('not-implemented', `${change.kind} cannot come from elsewhere`)
      default:
        this.applyOperators(change)
    }
  }

  /** Throws a Refusal when there is none. */
  vhost(name: string): Vhost {
    const vhost = this.services.vhosts.get(name)
    if (vhost === undefined) throw new Refusal('not-found', `no vhost '${name}'`)
    return vhost
  }

  /** Throws a Refusal when there is none. */
  user(name: string): User {
    const user = this.services.users.get(name)
    if (user === null) throw new Refusal('not-found', `no user '${name}'`)
    return user
  }

  private applyOperators(change: OperatorChange): void {
    const { users, vhosts } = this.services
    switch (change.kind) {
      case 'vhost-added':
        vhosts.add(change.vhost)
        return
      case 'vhost-deleted':
        this.deleteVhost(this.vhost(change.vhost))
        return
      case 'vhost-described':
        this.vhost(change.description.vhost).description = change.description
        return
      case 'vhost-limited': {
        const { vhost, maxQueues, maxConnections } = change.limits
        Object.assign(this.vhost(vhost), { maxQueues, maxConnections })
        return
      }
      case 'user-set':
        users.set(change.user)
        return
      case 'user-deleted':
        this.deleteUser(this.user(change.user))
        return
      case 'permissions-set': {
        const { user, vhost, configure, write, read } = change.permissions
        const patterns = new Permissions(configure, write, read)
        users.setPermissions(this.user(user), this.vhost(vhost).name, patterns)
        return
      }
      case 'permissions-cleared':
        users.setPermissions(this.user(change.user), change.vhost, null)
        return
      case 'topic-permissions-set': {
        const { user, vhost, exchange, write, read } = change.permissions
        const patterns = new TopicPermissions(write, read)
        users.setTopicPermissions(this.user(user), this.vhost(vhost).name, exchange, patterns)
        return
      }
      case 'topic-permissions-cleared':
        users.setTopicPermissions(this.user(change.user), change.vhost, change.exchange, null)
        return
      default:
        this.applyParameter(change)
    }
  }

  private applyParameter(change: ParameterChange): void {
    const { parameters } = this.services
    switch (change.kind) {
      case 'parameter-set':
        parameters.set(change.parameter)
        return
      case 'parameter-cleared':
        parameters.delete(change.component, change.vhost, change.name)
        return
      case 'global-parameter-set':
        parameters.global.set(change.name, change.value)
        return
      case 'global-parameter-cleared':
        parameters.global.delete(change.name)
    }
  }

  private deleteVhost(vhost: Vhost): void {
    const { vhosts, users, parameters } = this.services
    this.closeConnections((open) => open === vhost, `vhost '${vhost.name}' is deleted`)
    vhosts.delete(vhost.name)
    users.forgetVhost(vhost.name)
    parameters.forgetVhost(vhost.name)
  }

  private deleteUser(user: User): void {
    this.services.users.delete(user.name)
    this.closeConnections((_vhost, owner) => owner === user, `user '${user.name}' is deleted`)
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

/** The first vhost and user of a broker. */
export interface Defaults {
  readonly user: string
  readonly password: string
  readonly vhost: string
  readonly tags: readonly string[]
  readonly permissions: {
    readonly configure: string
    readonly write: string
    readonly read: string
  }
}

/** What operators change, but for policies, which their vhost records. */
export type OperatorChange = Exclude<DefinitionChange, { readonly kind: VhostKind }>

type ParameterChange = Extract<
  DefinitionChange,
  { readonly kind: `parameter-${string}` | `global-parameter-${string}` }
>

/** Changes that are a vhost's own business. */
type VhostKind =
  | 'exchange-declared'
  | 'exchange-deleted'
  | 'queue-declared'
  | 'queue-deleted'
  | 'bound'
  | 'unbound'
  | 'policy-set'
  | 'policy-deleted'
