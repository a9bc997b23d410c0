import type { Broker } from '../../src/index.ts'

export type PermissionPatterns = {
  readonly configure: string
  readonly write: string
  readonly read: string
}

export type NodeLimit =
  | 'connection_max'
  | 'channel_max_per_node'
  | 'consumer_max_per_channel'
  | 'cluster_exchange_limit'
  | 'cluster_queue_limit'

/** What an operator does to a broker: the cases that need it are not applicable where nobody can. */
export interface Operator {
  addVhost(name: string): Promise<void>
  addUser(name: string, password: string, tags?: readonly string[]): Promise<void>
  setPermissions(user: string, vhost: string, patterns: PermissionPatterns): Promise<void>
  setTopicPermissions(
    user: string,
    vhost: string,
    exchange: string,
    patterns: Omit<PermissionPatterns, 'configure'>,
  ): Promise<void>
  setVhostLimit(
    vhost: string,
    limit: 'max-connections' | 'max-queues',
    value: number,
  ): Promise<void>
  setUserLimit(
    user: string,
    limit: 'max-connections' | 'max-channels',
    value: number,
  ): Promise<void>
  setNodeLimit(limit: NodeLimit, value: number): Promise<void>
  /** `rabbitmqctl close_all_connections REASON` */
  closeAllConnections(reason: string): Promise<void>
  /** DELETE of every connection in the management API, without a reason. */
  deleteConnections(): Promise<void>
  /** `deprecated_features.permit.FEATURE = false` in the configuration. */
  denyFeature(feature: string): Promise<void>
}

/** The operator of a broker in this process. None yet: a Broker has no such functions. */
export function operatorOf(_broker: Broker): Operator | null {
  return null
}
