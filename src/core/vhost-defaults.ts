import { patternOf } from '../common/pattern.ts'
import type { Policy } from './policy/policy.ts'
import { policyError } from './policy/validate.ts'

/** What every new vhost begins with whose name a pattern matches (RabbitMQ documentation, virtual hosts). */
export interface VhostDefaults {
  /** Of several that match, the first counts. */
  readonly limits?: readonly DefaultLimits[]
  readonly operatorPolicies?: readonly DefaultPolicy[]
  readonly users?: readonly DefaultUser[]
}

export interface DefaultLimits {
  /** A regular expression, not anchored, here and below; any vhost unless given. */
  readonly vhostPattern?: string
  readonly maxConnections?: number
  readonly maxQueues?: number
}

export interface DefaultPolicy {
  readonly name: string
  readonly vhostPattern?: string
  /** Of names of queues; all of them unless given. */
  readonly queuePattern?: string
  readonly definition: Readonly<Record<string, number>>
}

/** A user who exists already keeps password and tags. */
export interface DefaultUser {
  readonly name: string
  readonly vhostPattern?: string
  /** Without one, no password lets the user in. */
  readonly password?: string
  readonly tags?: readonly string[]
  /** Patterns of what the user may do in the vhost; anything unless given. */
  readonly configure?: string
  readonly write?: string
  readonly read?: string
}

/** Those that are for a vhost. */
export function defaultsFor(
  vhost: string,
  { limits = [], operatorPolicies = [], users = [] }: VhostDefaults,
): { limits: DefaultLimits | null; policies: readonly Policy[]; users: readonly DefaultUser[] } {
  const matches = ({ vhostPattern = '.*' }: { readonly vhostPattern?: string }) =>
    patternOf(vhostPattern).test(vhost)
  return {
    limits: limits.find(matches) ?? null,
    policies: operatorPolicies.filter(matches).map(policyOf),
    users: users.filter(matches),
  }
}

/** Throws an Error, with RabbitMQ's reason where it has one, for what no vhost could begin with. */
export function assertVhostDefaults(defaults: VhostDefaults): void {
  const { limits = [], operatorPolicies = [], users = [] } = defaults
  const patterns = [
    ...[...limits, ...operatorPolicies, ...users].map(({ vhostPattern }) => vhostPattern),
    ...operatorPolicies.map(({ queuePattern }) => queuePattern),
    ...users.flatMap(({ configure, write, read }) => [configure, write, read]),
  ]
  for (const pattern of patterns) if (pattern !== undefined) patternOf(pattern)
  for (const policy of operatorPolicies) {
    const error = policyError(policyOf(policy).definition, true)
    if (error !== null) throw new Error(`operator policy ${policy.name}: ${error}`)
  }
  for (const { maxConnections = 1, maxQueues = 1 } of limits) {
    if ([maxConnections, maxQueues].every((max) => Number.isSafeInteger(max) && max >= 0)) continue
    throw new Error('a limit is no whole number')
  }
}

function policyOf({ name, queuePattern = '.*', definition }: DefaultPolicy): Policy {
  return {
    name,
    pattern: queuePattern,
    applyTo: 'all',
    priority: 0,
    definition: new Map(Object.entries(definition)),
  }
}
