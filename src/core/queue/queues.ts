import type { Compat } from '../../common/compat.ts'
import { LongWork } from '../../common/long-work.ts'
import { longstr, type Table, textOf } from '../../common/table.ts'
import type { Churn } from '../counters.ts'
import { assertSameArguments, assertSameFlag } from '../equivalence.ts'
import type { NodeLimits } from '../node-limits.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import {
  describe,
  locked,
  notFound,
  preconditionFailed,
  Refusal,
  type Resource,
} from '../refusal.ts'
import { COMPARED_ARGUMENTS, validateArguments } from './arguments.ts'
import { Queue } from './queue.ts'
import type { QueueDeclared } from './queue-declared.ts'
import type { QueueHost } from './queue-host.ts'

/** The queues of a vhost by name, and the rules of declaring and using one. */
export class Queues {
  readonly byName: ReadonlyMap<string, Queue>
  private readonly queues = new Map<string, Queue>()
  private readonly byOwner = new Map<object, Set<Queue>>()
  private readonly vhost: string
  private readonly compat: Compat
  private readonly limits: NodeLimits
  private readonly churn: Churn
  private readonly policies: PolicySet
  private readonly host: QueueHost

  constructor(
    vhost: string,
    { limits, churn }: { readonly limits: NodeLimits; readonly churn: Churn },
    policies: PolicySet,
    host: QueueHost,
  ) {
    this.limits = limits
    this.churn = churn
    this.vhost = vhost
    this.compat = host.compat
    this.policies = policies
    this.host = host
    this.byName = this.queues
  }

  [Symbol.iterator](): Iterator<Queue> {
    return this.queues.values()
  }

  find(name: string): Queue | undefined {
    const queue = this.queues.get(name)
    if (queue === undefined || !queue.isDoomed) return queue
    this.host.queueUnused(queue)
    return undefined
  }

  /** Throws not-found, or resource-locked when the queue is another connection's. */
  get(name: string, user: object): Queue {
    const queue = this.find(name)
    if (queue === undefined) throw notFound({ kind: 'queue', name, vhost: this.vhost })
    assertUsableBy(queue, user)
    return queue
  }

  /**
   * The existing queue when it is what is asked for, null when a new one may be made. Throws the Refusal of
   * RabbitMQ otherwise, in RabbitMQ's order of checks (errors, inequivalent redeclare).
   */
  check(declared: QueueDeclared, user: object): Queue | null {
    const existing = this.find(declared.name)
    if (existing === undefined) {
      const resource: Resource = { kind: 'queue', name: declared.name, vhost: this.vhost }
      validateArguments(resource, declared.type, declared.arguments)
      assertPropertiesSuit(resource, declared)
      const isTransient = !declared.durable && declared.exclusiveOwner === null
      if (isTransient && !this.compat.hasTransientQueues) {
        throw deprecated('transient_nonexcl_queues')
      }
      if (declared.arguments.has('x-queue-master-locator') && !this.compat.hasMasterLocator) {
        throw deprecated('queue_master_locator')
      }
      this.churn.queueDeclared++
      return null
    }
    const isExclusive = declared.exclusiveOwner !== null
    assertUsableBy(existing, user)
    if (isExclusive !== (existing.exclusiveOwner !== null)) throw locked(existing)
    assertSameFlag('durable', existing, declared.durable && !isExclusive, existing.durable)
    assertSameFlag('auto_delete', existing, declared.autoDelete, existing.autoDelete)
    const received = withQueueType(declared.arguments)
    assertSameArguments(COMPARED_ARGUMENTS, existing, received, withQueueType(existing.arguments))
    existing.renewLease()
    this.churn.queueDeclared++
    return existing
  }

  create(declared: QueueDeclared): Queue {
    this.limits.queueCount++
    this.churn.queueCreated++
    const queue = new Queue(declared, this.policies.settingsOf(declared), this.host)
    this.queues.set(queue.name, queue)
    const owner = queue.exclusiveOwner
    if (owner !== null) {
      const owned = this.byOwner.get(owner)
      if (owned === undefined) this.byOwner.set(owner, new Set([queue]))
      else owned.add(queue)
    }
    return queue
  }

  remove(queue: Queue): void {
    this.limits.queueCount--
    this.churn.queueDeleted++
    if (queue.type === 'quorum') this.churn.pastQuorum.add(queue.counters)
    this.queues.delete(queue.name)
    const owner = queue.exclusiveOwner
    if (owner === null) return
    const owned = this.byOwner.get(owner)
    owned?.delete(queue)
    if (owned?.size === 0) this.byOwner.delete(owner)
  }

  get count(): number {
    return this.queues.size
  }

  /** A policy has changed: every queue looks its settings up again, as soon as there is time. */
  applyPolicies(): void {
    const apply = (queue: Queue) => {
      if (!queue.isDeleted) queue.apply(this.policies.settingsOf(queue))
    }
    new LongWork([...this], this.host.turn, apply).run()
  }

  /** The exclusive queues of a connection that ends: from now on nobody finds them. */
  doomThoseOf(owner: object): readonly Queue[] {
    const owned = [...(this.byOwner.get(owner) ?? [])]
    for (const queue of owned) queue.isDoomed = true
    return owned
  }
}

/** Throws resource-locked when the queue is another connection's. */
export function assertUsableBy(queue: Queue, user: object): void {
  if (queue.exclusiveOwner !== null && queue.exclusiveOwner !== user) throw locked(queue)
}

/** A quorum queue outlives connections, consumers and restarts, or it is refused. */
function assertPropertiesSuit(resource: Resource, declared: QueueDeclared): void {
  if (declared.type !== 'quorum') return
  const property = declared.autoDelete
    ? 'auto-delete'
    : declared.exclusiveOwner !== null
      ? 'exclusive-owner'
      : declared.durable
        ? null
        : 'non-durable'
  if (property === null) return
  throw preconditionFailed(`invalid property '${property}' for ${describe(resource)}`)
}

/** What RabbitMQ 4.3 does not permit any more (errors, deprecated features). */
function deprecated(feature: string): Refusal {
  return new Refusal(
    'internal-error',
    `Feature \`${feature}\` is deprecated.\n` +
      'By default, this feature is not permitted anymore.\n' +
      'The feature will be removed from a future major RabbitMQ version, regardless of the ' +
      'configuration; actual version to be determined.\n' +
      'To continue using this feature when it is not permitted by default, permit it in the configuration.',
  )
}

/** The default type counts as given, so that both forms of a classic queue are the same. */
function withQueueType(args: Table): Table {
  const given = textOf(args.get('x-queue-type'))
  if (given !== null && given !== '') return args
  return new Map(args).set('x-queue-type', longstr('classic'))
}
