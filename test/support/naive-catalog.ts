import { fingerprint } from '../../src/common/table.ts'
import type { DefinitionChange } from '../../src/core/ports.ts'

/** Definitions as one list: a change that takes something away looks at all of them for what goes with it. */
export class NaiveCatalog {
  private list: DefinitionChange[] = []

  apply(change: DefinitionChange): void {
    const { isPut, key } = placeOf(change)
    const at = this.list.findIndex((other) => placeOf(other).key === key)
    if (!isPut) this.list = this.list.filter((other) => !takesAway(change, other))
    else if (at === -1) this.list.push(change)
    // a binding says nothing beyond its key
    else if (change.kind !== 'bound') this.list[at] = change
  }

  changes(): readonly DefinitionChange[] {
    return this.list
  }
}

/** By what they are and lie in, and of one place as they came. */
export function byPlace(changes: readonly DefinitionChange[]): readonly DefinitionChange[] {
  const place = (change: DefinitionChange) => `${placeOf(change).rank} ${placeOf(change).inside}`
  return [...changes].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
}

/** Things of a lower rank have to be there before those of a higher one. */
export function rankOf(change: DefinitionChange): number {
  return placeOf(change).rank
}

interface Place {
  readonly rank: number
  /** What it lies in. */
  readonly inside: string
  /** Equal for changes of the same thing. */
  readonly key: string
  readonly isPut: boolean
}

function placeOf(change: DefinitionChange): Place {
  switch (change.kind) {
    case 'vhost-added':
    case 'vhost-deleted':
      return place(0, [change.vhost], '', change.kind === 'vhost-added')
    case 'vhost-described':
      return place(1, [change.description.vhost, 'description'], '', true)
    case 'vhost-limited':
      return place(1, [change.limits.vhost], '', true)
    case 'user-set':
      return place(2, [change.user.name], '', true)
    case 'user-deleted':
      return place(2, [change.user], '', false)
    case 'permissions-set':
      return place(3, [change.permissions.user], change.permissions.vhost, true)
    case 'permissions-cleared':
      return place(3, [change.user], change.vhost, false)
    case 'topic-permissions-set': {
      const { user, vhost, exchange } = change.permissions
      return place(4, [user, vhost], exchange, true)
    }
    case 'topic-permissions-cleared':
      return place(4, [change.user, change.vhost], change.exchange, false)
    case 'policy-set':
      return place(5, [change.policy.vhost, change.policy.isOperator], change.policy.name, true)
    case 'policy-deleted':
      return place(5, [change.vhost, change.isOperator], change.name, false)
    case 'exchange-declared':
      return place(6, [change.exchange.vhost], change.exchange.name, true)
    case 'exchange-deleted':
      return place(6, [change.vhost], change.name, false)
    case 'queue-declared':
      return place(7, [change.queue.vhost], change.queue.name, true)
    case 'queue-deleted':
      return place(7, [change.vhost], change.name, false)
    case 'bound':
    case 'unbound': {
      const { vhost, source, destination, destinationKind, routingKey } = change.binding
      const args = fingerprint(change.binding.arguments)
      const all = JSON.stringify([source, destination, destinationKind, routingKey, args])
      return place(8, [vhost], all, change.kind === 'bound')
    }
    case 'parameter-set':
    case 'parameter-cleared': {
      const isPut = change.kind === 'parameter-set'
      const { component, vhost, name } = isPut ? change.parameter : change
      return place(9, [vhost], JSON.stringify([component, name]), isPut)
    }
    case 'global-parameter-set':
    case 'global-parameter-cleared':
      return place(10, [], change.name, change.kind === 'global-parameter-set')
  }
}

function place(
  rank: number,
  inside: readonly (string | boolean)[],
  name: string,
  isPut: boolean,
): Place {
  return { rank, inside: JSON.stringify(inside), key: JSON.stringify([rank, inside, name]), isPut }
}

function takesAway(change: DefinitionChange, other: DefinitionChange): boolean {
  if (placeOf(change).key === placeOf(other).key) return true
  switch (change.kind) {
    case 'vhost-deleted':
      return liesInVhost(other, change.vhost)
    case 'user-deleted':
      return 'permissions' in other && other.permissions.user === change.user
    case 'queue-deleted':
      return (
        other.kind === 'bound' &&
        other.binding.vhost === change.vhost &&
        other.binding.destinationKind === 'queue' &&
        other.binding.destination === change.name
      )
    case 'exchange-deleted':
      return (
        other.kind === 'bound' &&
        other.binding.vhost === change.vhost &&
        (other.binding.source === change.name ||
          (other.binding.destinationKind === 'exchange' &&
            other.binding.destination === change.name))
      )
    default:
      return false
  }
}

function liesInVhost(change: DefinitionChange, vhost: string): boolean {
  if ('description' in change) return change.description.vhost === vhost
  if ('parameter' in change) return change.parameter.vhost === vhost
  if ('limits' in change) return change.limits.vhost === vhost
  if ('permissions' in change) return change.permissions.vhost === vhost
  if ('exchange' in change && typeof change.exchange === 'object') {
    return change.exchange.vhost === vhost
  }
  if ('queue' in change) return change.queue.vhost === vhost
  if ('binding' in change) return change.binding.vhost === vhost
  if ('policy' in change) return change.policy.vhost === vhost
  return false
}
