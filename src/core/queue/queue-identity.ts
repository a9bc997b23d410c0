import type { Table } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { Resource } from '../refusal.ts'
import type { QueueDeclared } from './queue-declared.ts'
import type { QueueTypeName } from './queue-type.ts'
import { Tally } from './tally.ts'

/** What a queue is from its declaration on, where messages come from to it, and what is counted of it. */
export class QueueIdentity implements Resource {
  readonly kind = 'queue'
  readonly type: QueueTypeName
  readonly vhost: string
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  /** The connection that alone may use this queue; null for one that all may use. */
  readonly exclusiveOwner: object | null
  readonly arguments: Table
  /** Bindings that lead here. */
  readonly incoming = new Set<Binding>()
  readonly counters = new Tally()
  /** Set by Destinations: the last collection that this queue was added to. */
  routeStamp = 0
  /** It is to be deleted as soon as there is time, or when somebody asks for its name. */
  isDoomed = false

  constructor(declared: QueueDeclared) {
    this.type = declared.type
    this.vhost = declared.vhost
    this.name = declared.name
    this.durable = declared.durable && declared.exclusiveOwner === null
    this.autoDelete = declared.autoDelete
    this.exclusiveOwner = declared.exclusiveOwner
    this.arguments = declared.arguments
  }

  get unackedCount(): number {
    return this.counters.unackedCount
  }
}
