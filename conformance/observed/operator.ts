import type { Broker } from '../../src/index.ts'
import { NotYet } from './not-yet.ts'

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

/** The operator of a broker in this process. */
export function operatorOf({ administration }: Broker): Operator {
  return {
    addVhost: async (name) => administration.addVhost(name),
    addUser: async (name, password, tags = []) => administration.addUser(name, password, tags),
    setPermissions: async (user, vhost, patterns) =>
      administration.setPermissions(user, vhost, patterns),
    setTopicPermissions: async (user, vhost, exchange, patterns) =>
      administration.setTopicPermissions(user, vhost, exchange, patterns),
    setVhostLimit: async (vhost, limit, value) =>
      administration.setVhostLimits(
        vhost,
        limit === 'max-queues' ? { maxQueues: value } : { maxConnections: value },
      ),
    setUserLimit: async (user, limit, value) =>
      administration.setUserLimits(
        user,
        limit === 'max-channels' ? { maxChannels: value } : { maxConnections: value },
      ),
    setNodeLimit: async (limit, value) =>
      administration.setNodeLimits({ [NODE_LIMITS[limit]]: value }),
    closeAllConnections: async (reason) => administration.closeAllConnections(reason),
    deleteConnections: async () =>
      administration.closeAllConnections('Closed via management plugin'),
    denyFeature: async () => {
      throw new NotYet('deprecated features cannot be configured')
    },
  }
}

const NODE_LIMITS = {
  connection_max: 'maxConnections',
  channel_max_per_node: 'maxChannels',
  consumer_max_per_channel: 'maxConsumersPerChannel',
  cluster_exchange_limit: 'maxExchanges',
  cluster_queue_limit: 'maxQueues',
} as const
