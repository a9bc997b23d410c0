import type { ConfirmChannel } from 'amqplib'
import { QueueLedger } from './kill-ledger.ts'

/** The durable queues under load, and what is known of each. */
export class Topology {
  readonly ledgers: ReadonlyMap<string, QueueLedger> = new Map(
    QUEUES.map(({ name, isByPriority }) => [name, new QueueLedger(name, isByPriority)]),
  )

  /** Errors that the broker gave for what it should have taken. */
  readonly refusals: string[] = []

  ledger(queue: string): QueueLedger {
    const ledger = this.ledgers.get(queue)
    if (ledger === undefined) throw new Error(`no queue ${queue}`)
    return ledger
  }

  async declare(channel: ConfirmChannel): Promise<void> {
    for (const { name, args } of QUEUES) await channel.assertQueue(name, { arguments: args })
    await channel.assertExchange(FANOUT, 'fanout')
    for (const { queues } of ROUTES.filter(({ exchange }) => exchange === FANOUT)) {
      for (const queue of queues) await channel.bindQueue(queue, FANOUT, '')
    }
  }

  get faults(): readonly string[] {
    return [...this.refusals, ...[...this.ledgers.values()].flatMap(({ faults }) => faults)]
  }
}

const FANOUT = 'both'

/** Takes a message from every consumer whenever something has to be durable behind what it settled. */
export const FORWARDED = 'forwarded'

const QUEUES = [
  { name: 'classic', args: {}, isByPriority: false },
  {
    name: 'quorum',
    args: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 },
    isByPriority: false,
  },
  { name: 'priority', args: { 'x-max-priority': 3 }, isByPriority: true },
  { name: 'both-classic', args: {}, isByPriority: false },
  {
    name: 'both-quorum',
    args: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 },
    isByPriority: false,
  },
  { name: FORWARDED, args: {}, isByPriority: false },
]

/** A way for messages to take. Quorum queues keep transient messages too, so none go there. */
export interface Route {
  readonly exchange: string
  readonly routingKey: string
  readonly queues: readonly string[]
  readonly takesTransient: boolean
}

export const ROUTES: readonly Route[] = [
  { exchange: '', routingKey: 'classic', queues: ['classic'], takesTransient: true },
  { exchange: '', routingKey: 'quorum', queues: ['quorum'], takesTransient: false },
  { exchange: '', routingKey: 'priority', queues: ['priority'], takesTransient: true },
  {
    exchange: FANOUT,
    routingKey: '',
    queues: ['both-classic', 'both-quorum'],
    takesTransient: false,
  },
]
export const FORWARDING: Route = {
  exchange: '',
  routingKey: FORWARDED,
  queues: [FORWARDED],
  takesTransient: false,
}

/** Queues that have consumers, one for each time that they are named. */
export const CONSUMED = ['classic', 'classic', 'quorum', 'priority', 'both-classic'] as const
