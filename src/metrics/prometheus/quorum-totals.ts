import { eachInSlices, type Slices } from '../../common/slices.ts'
import { DeliveryCounters } from '../../core/counters.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { ExposedBroker } from './exposed-broker.ts'

/**
 * What quorum queues have handed out and got acknowledged since the broker started, those that are deleted included. A total
 * never falls: which queues are there is looked at in one go, so that one that is deleted meanwhile counts once.
 */
export async function quorumTotals(
  { vhosts, churn }: ExposedBroker,
  slices: Slices,
): Promise<Readonly<DeliveryCounters>> {
  const totals = new DeliveryCounters()
  totals.add(churn.pastQuorum)
  const there: Queue[] = []
  for (const { queues } of vhosts) {
    for (const queue of queues) if (queue.type === 'quorum') there.push(queue)
  }
  await eachInSlices(there, slices, ({ counters }) => totals.add(counters))
  return totals
}
