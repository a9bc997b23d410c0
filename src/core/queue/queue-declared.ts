import type { Table } from '../../common/table.ts'
import type { QueueTypeName } from './queue-type.ts'

/** What a queue.declare says. */
export interface QueueDeclared {
  readonly type: QueueTypeName
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly exclusiveOwner: object | null
  readonly arguments: Table
}
