import type { Users } from '../../auth/users.ts'
import type { Json } from '../../common/json.ts'
import type { Parameters } from '../../core/parameters.ts'
import type { PolicyTarget } from '../../core/policy/policy.ts'
import type { VhostDescription } from '../../core/ports.ts'
import type { Vhosts } from '../../core/vhosts.ts'

/** What definitions are read from. */
export interface DefinedBroker {
  readonly vhosts: Vhosts
  readonly users: Users
  readonly parameters: Parameters
  /** RabbitMQ's version that the broker behaves like. */
  readonly version: string
  /** Name of the cluster unless a global parameter gives another: that of the node. */
  readonly nodeName: string
}

/** A broker whose definitions can be changed. */
export interface ChangeableBroker extends DefinedBroker {
  readonly administration: Operator
  /** Aborted when it begins to close. */
  readonly closing: { readonly signal: AbortSignal }
}

/** The part of the broker's administration that definitions need. */
export interface Operator {
  addVhost(name: string): void
  describeVhost(name: string, description: Partial<Omit<VhostDescription, 'vhost'>>): void
  setVhostLimits(name: string, limits: VhostMaxima): void
  putUser(user: UserToPut): void
  setUserLimits(name: string, limits: UserMaxima): void
  setPermissions(user: string, vhost: string, permissions: Patterns): void
  setTopicPermissions(
    user: string,
    vhost: string,
    exchange: string,
    permissions: Pick<Patterns, 'write' | 'read'>,
  ): void
  setPolicy(vhost: string, policy: PolicyToSet): void
  setOperatorPolicy(vhost: string, policy: PolicyToSet): void
  setParameter(component: string, vhost: string, name: string, value: Json): void
  setGlobalParameter(name: string, value: Json): void
}

/** Null for any number; what is absent stays as it is. */
export interface VhostMaxima {
  readonly maxConnections?: number | null
  readonly maxQueues?: number | null
}

/** Null for any number; what is absent stays as it is. */
export interface UserMaxima {
  readonly maxConnections?: number | null
  readonly maxChannels?: number | null
}

export interface UserToPut extends UserMaxima {
  readonly name: string
  readonly passwordHash: string
  readonly hashingAlgorithm?: string
  readonly tags: readonly string[]
}

export interface PolicyToSet {
  readonly name: string
  readonly pattern: string
  readonly applyTo: PolicyTarget
  readonly priority: number
  readonly definition: Readonly<Record<string, string | number>>
}

interface Patterns {
  readonly configure: string
  readonly write: string
  readonly read: string
}
