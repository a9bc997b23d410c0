import type { DeliveryCounters } from '../../core/counters.ts'
import type { Sampler } from '../sampler.ts'
import type { NodeTotals } from '../totals.ts'
import type { ExposedBroker, ExposedConnection } from './exposed-broker.ts'
import type { Form } from './metric.ts'

/** What metrics are read from during one scrape. */
export interface Scrape {
  readonly broker: ExposedBroker
  readonly sampler: Sampler
  readonly totals: NodeTotals
  /** Those that are open. */
  readonly connections: readonly ExposedConnection[]
  /** Of all quorum queues; what channels have counted beyond that is of classic ones. */
  readonly quorum: Readonly<DeliveryCounters>
  readonly form: Form
  /** Whether what is in a vhost, or a queue of this name, is asked for. */
  readonly wantsVhost: (vhost: string) => boolean
  readonly wantsQueue: (name: string) => boolean
}
