import { fingerprint } from '../../common/table.ts'
import type { Parameter } from '../../core/parameters.ts'
import type { BindingDefinition, DefinitionChange } from '../../core/ports.ts'
import { encodeDefinition } from './definition-codec.ts'

/**
 * The definitions as they stand: what all changes so far come to, and what a checkpoint has to say of them.
 *
 * A change puts or takes away what it names, whatever was there before, and with it all that cannot be without it. So
 * it does no harm to apply one twice, or a series of changes once more from its beginning. Things keep the order in
 * which they were first put.
 */
export class Catalog {
  private readonly vhosts = new Map<string, VhostEntries>()
  private readonly users = new Map<string, UserEntries>()
  private readonly globalParameters = new Map<string, Entry>()

  /** `bytes` are those of the change if they are known already; they are copied. */
  apply(change: DefinitionChange, bytes?: Uint8Array): void {
    const encoded = bytes === undefined ? encodeDefinition(change) : Buffer.from(bytes)
    const entry = { change, encoded }
    switch (change.kind) {
      case 'vhost-added':
        this.vhost(change.vhost).added = entry
        return
      case 'vhost-deleted':
        this.vhosts.delete(change.vhost)
        for (const user of this.users.values()) user.forgetVhost(change.vhost)
        return
      case 'vhost-described':
        this.vhost(change.description.vhost).description = entry
        return
      case 'vhost-limited':
        this.vhost(change.limits.vhost).limits = entry
        return
      case 'user-set':
        this.user(change.user.name).user = entry
        return
      case 'user-deleted':
        this.users.delete(change.user)
        return
      case 'permissions-set':
        this.user(change.permissions.user).permissions.set(change.permissions.vhost, entry)
        return
      case 'permissions-cleared':
        this.users.get(change.user)?.permissions.delete(change.vhost)
        return
      case 'topic-permissions-set': {
        const { user, vhost, exchange } = change.permissions
        this.user(user).setTopicPermissions(vhost, exchange, entry)
        return
      }
      case 'topic-permissions-cleared':
        this.users.get(change.user)?.topicPermissions.get(change.vhost)?.delete(change.exchange)
        return
      case 'exchange-declared':
        this.vhost(change.exchange.vhost).exchanges.set(change.exchange.name, entry)
        return
      case 'exchange-deleted':
        this.vhosts.get(change.vhost)?.deleteExchange(change.name)
        return
      case 'queue-declared':
        this.vhost(change.queue.vhost).queues.set(change.queue.name, entry)
        return
      case 'queue-deleted':
        this.vhosts.get(change.vhost)?.deleteQueue(change.name)
        return
      case 'bound':
        this.vhost(change.binding.vhost).bindings.put(change.binding, entry)
        return
      case 'unbound':
        this.vhosts.get(change.binding.vhost)?.bindings.delete(change.binding)
        return
      case 'policy-set':
        this.vhost(change.policy.vhost).policies(change.policy).set(change.policy.name, entry)
        return
      case 'policy-deleted':
        this.vhosts.get(change.vhost)?.policies(change).delete(change.name)
        return
      default:
        this.applyParameter(change, entry)
    }
  }

  private applyParameter(change: ParameterChange, entry: Entry): void {
    switch (change.kind) {
      case 'parameter-set':
        this.vhost(change.parameter.vhost).parameters.set(parameterKey(change.parameter), entry)
        return
      case 'parameter-cleared':
        this.vhosts.get(change.vhost)?.parameters.delete(parameterKey(change))
        return
      case 'global-parameter-set':
        this.globalParameters.set(change.name, entry)
        return
      case 'global-parameter-cleared':
        this.globalParameters.delete(change.name)
    }
  }

  /** Changes that lead from nothing to what there is, each after those that it builds upon. */
  changes(): readonly DefinitionChange[] {
    return this.entries().map((entry) => entry.change)
  }

  /** The bytes of these changes, as they were encoded when they were applied. */
  encoded(): readonly Uint8Array[] {
    return this.entries().map((entry) => entry.encoded)
  }

  private entries(): readonly Entry[] {
    const entries: Entry[] = []
    const vhosts = [...this.vhosts.values()]
    const add = (some: Iterable<Entry>) => {
      for (const entry of some) entries.push(entry)
    }
    for (const { added } of vhosts) if (added !== null) entries.push(added)
    for (const { description } of vhosts) if (description !== null) entries.push(description)
    for (const { limits } of vhosts) if (limits !== null) entries.push(limits)
    for (const { user } of this.users.values()) if (user !== null) entries.push(user)
    for (const { permissions } of this.users.values()) add(permissions.values())
    for (const { topicPermissions } of this.users.values()) {
      for (const ofVhost of topicPermissions.values()) add(ofVhost.values())
    }
    for (const { userPolicies, operatorPolicies } of vhosts) {
      add(userPolicies.values())
      add(operatorPolicies.values())
    }
    for (const { exchanges } of vhosts) add(exchanges.values())
    for (const { queues } of vhosts) add(queues.values())
    for (const { bindings } of vhosts) add(bindings.entries())
    for (const { parameters } of vhosts) add(parameters.values())
    add(this.globalParameters.values())
    return entries
  }

  private vhost(name: string): VhostEntries {
    return getOrAdd(this.vhosts, name, () => new VhostEntries())
  }

  private user(name: string): UserEntries {
    return getOrAdd(this.users, name, () => new UserEntries())
  }
}

type ParameterChange = Extract<
  DefinitionChange,
  { readonly kind: `parameter-${string}` | `global-parameter-${string}` }
>

function parameterKey({ component, name }: Pick<Parameter, 'component' | 'name'>): string {
  return JSON.stringify([component, name])
}

/** One thing that is defined: the change that made it what it is, and its bytes. */
interface Entry {
  readonly change: DefinitionChange
  readonly encoded: Uint8Array
}

class VhostEntries {
  added: Entry | null = null
  description: Entry | null = null
  limits: Entry | null = null
  readonly parameters = new Map<string, Entry>()
  readonly userPolicies = new Map<string, Entry>()
  readonly operatorPolicies = new Map<string, Entry>()
  readonly exchanges = new Map<string, Entry>()
  readonly queues = new Map<string, Entry>()
  readonly bindings = new BindingEntries()

  policies({ isOperator }: { readonly isOperator: boolean }): Map<string, Entry> {
    return isOperator ? this.operatorPolicies : this.userPolicies
  }

  deleteExchange(name: string): void {
    this.exchanges.delete(name)
    this.bindings.deleteFrom(name)
    this.bindings.deleteTo('exchange', name)
  }

  deleteQueue(name: string): void {
    this.queues.delete(name)
    this.bindings.deleteTo('queue', name)
  }
}

class UserEntries {
  user: Entry | null = null
  /** By vhost. */
  readonly permissions = new Map<string, Entry>()
  /** By vhost and exchange. */
  readonly topicPermissions = new Map<string, Map<string, Entry>>()

  setTopicPermissions(vhost: string, exchange: string, entry: Entry): void {
    getOrAdd(this.topicPermissions, vhost, () => new Map<string, Entry>()).set(exchange, entry)
  }

  forgetVhost(vhost: string): void {
    this.permissions.delete(vhost)
    this.topicPermissions.delete(vhost)
  }
}

/** The bindings of a vhost, to be found from both their ends: a queue that goes does not look at those of others. */
class BindingEntries {
  private readonly byKey = new Map<string, BindingEntry>()
  private readonly bySource = new Map<string, Set<BindingEntry>>()
  private readonly byDestination = new Map<string, Set<BindingEntry>>()

  entries(): Iterable<Entry> {
    return this.byKey.values()
  }

  put(binding: BindingDefinition, { change, encoded }: Entry): void {
    const key = keyOf(binding)
    if (this.byKey.has(key)) return
    const entry = { key, binding, change, encoded }
    this.byKey.set(key, entry)
    getOrAdd(this.bySource, binding.source, newEntries).add(entry)
    getOrAdd(this.byDestination, destinationOf(binding), newEntries).add(entry)
  }

  delete(binding: BindingDefinition): void {
    const existing = this.byKey.get(keyOf(binding))
    if (existing !== undefined) this.remove(existing)
  }

  deleteFrom(source: string): void {
    for (const entry of this.bySource.get(source) ?? []) this.remove(entry)
  }

  deleteTo(destinationKind: 'queue' | 'exchange', destination: string): void {
    const end = destinationOf({ destinationKind, destination })
    for (const entry of this.byDestination.get(end) ?? []) this.remove(entry)
  }

  private remove(entry: BindingEntry): void {
    this.byKey.delete(entry.key)
    leave(this.bySource, entry.binding.source, entry)
    leave(this.byDestination, destinationOf(entry.binding), entry)
  }
}

interface BindingEntry extends Entry {
  readonly key: string
  readonly binding: BindingDefinition
}

/** A binding is what it says: two that say the same are one. */
function keyOf(binding: BindingDefinition): string {
  const { source, destinationKind, destination, routingKey } = binding
  const args = fingerprint(binding.arguments)
  return JSON.stringify([source, destinationKind, destination, routingKey, args])
}

function destinationOf(
  binding: Pick<BindingDefinition, 'destinationKind' | 'destination'>,
): string {
  return `${binding.destinationKind} ${binding.destination}`
}

function newEntries(): Set<BindingEntry> {
  return new Set()
}

function leave(ends: Map<string, Set<BindingEntry>>, end: string, entry: BindingEntry): void {
  const entries = ends.get(end)
  entries?.delete(entry)
  if (entries?.size === 0) ends.delete(end)
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const existing = map.get(key)
  if (existing !== undefined) return existing
  const made = make()
  map.set(key, made)
  return made
}
