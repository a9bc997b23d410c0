import { type ToldGroup, told } from '../told-group.ts'
import { CHANNEL_GROUPS } from './channels.ts'
import { CLUSTER_GROUPS } from './cluster.ts'
import { CONNECTION_GROUPS } from './connections.ts'
import { EXCHANGE_GROUPS, UNROUTABLE_GROUPS } from './exchanges.ts'
import { GLOBAL_GROUPS } from './global.ts'
import { MEMORY_GROUPS } from './memory.ts'
import { NODE_GROUPS } from './node.ts'
import { QUEUE_GROUPS } from './queues.ts'
import { RAFT_GROUPS } from './raft.ts'
import { RUNTIME_GROUPS } from './runtime.ts'

/** Every metric that there is. */
export const GROUPS: readonly ToldGroup[] = [
  ...RUNTIME_GROUPS.map((group) => told(group)),
  ...NODE_GROUPS,
  ...QUEUE_GROUPS.map((group) => told(group)),
  ...CHANNEL_GROUPS.map((group) => told(group)),
  ...CONNECTION_GROUPS.map((group) => told(group)),
  ...EXCHANGE_GROUPS.map((group) => told(group)),
  ...UNROUTABLE_GROUPS.map((group) => told(group)),
  ...GLOBAL_GROUPS,
  ...RAFT_GROUPS.map((group) => told(group)),
  ...CLUSTER_GROUPS,
  ...MEMORY_GROUPS.map((group) => told(group)),
]
