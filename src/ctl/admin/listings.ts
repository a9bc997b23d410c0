/** A list that rabbitmqadmin shows. */
export interface AdminListing {
  readonly what: string
  /** Below `/api`; that of the list's name unless given. */
  readonly path?: string
  /** Whether a vhost of the options narrows it. */
  readonly hasVhost?: boolean
  /** Columns without any that are asked for; null for all that are no objects. */
  readonly columns: readonly string[] | null
  /** Objects that are shown as JSON. */
  readonly json?: readonly string[]
}

export const LISTINGS: readonly AdminListing[] = [
  { what: 'connections', columns: ['name', 'user', 'channels'] },
  { what: 'channels', columns: ['name', 'user'] },
  { what: 'consumers', hasVhost: true, columns: null },
  { what: 'exchanges', hasVhost: true, columns: ['name', 'type'] },
  { what: 'queues', hasVhost: true, columns: ['name', 'messages'] },
  { what: 'bindings', hasVhost: true, columns: ['source', 'destination', 'routing_key'] },
  { what: 'users', columns: null },
  { what: 'vhosts', columns: ['name', 'messages'] },
  { what: 'permissions', columns: null },
  { what: 'nodes', columns: ['name', 'type', 'mem_used'] },
  { what: 'parameters', columns: null, json: ['value'] },
  { what: 'policies', columns: null, json: ['definition'] },
  { what: 'operator_policies', path: '/operator-policies', columns: null, json: ['definition'] },
  { what: 'vhost_limits', path: '/vhost-limits', columns: null, json: ['value'] },
]

export const OVERVIEW_COLUMNS = [
  'rabbitmq_version',
  'cluster_name',
  'queue_totals.messages',
  'object_totals.queues',
]
