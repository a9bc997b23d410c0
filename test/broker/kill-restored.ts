import amqplib, { type ConfirmChannel, type ConsumeMessage } from 'amqplib'
import { publishBooked, readBooked } from './kill-message.ts'
import type { Random } from './kill-random.ts'
import { FORWARDING, type Topology } from './kill-topology.ts'

/**
 * Takes everything that a broker has in its queues after a start, and holds it against the books. Then acknowledges
 * some of it and gives the rest back. `name` goes into those of its publishers. Returns how many messages there were.
 */
export async function compareRestored(
  url: string,
  topology: Topology,
  random: Random,
  name: string,
): Promise<number> {
  const connection = await amqplib.connect(url, { noDelay: true })
  const taken: Taken[] = []
  for (const queue of topology.ledgers.keys()) {
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => {}) // the call that it ends tells
    const deliveries = await takeAll(channel, queue)
    topology.ledger(queue).restored(
      deliveries.map((delivery) => ({
        message: readBooked(delivery),
        redelivered: delivery.fields.redelivered,
      })),
    )
    taken.push({ queue, channel, deliveries })
  }
  for (const each of taken) await settleSome(each, topology, random, `${name}-${each.queue}`)
  connection.on('error', () => {}) // it may last until the broker is killed
  if (random.isTrue(0.5)) await connection.close()
  return taken.reduce((sum, { deliveries }) => sum + deliveries.length, 0)
}

interface Taken {
  readonly queue: string
  readonly channel: ConfirmChannel
  readonly deliveries: readonly ConsumeMessage[]
}

/** Every message of a queue in the order of delivery, unacknowledged. */
async function takeAll(channel: ConfirmChannel, queue: string): Promise<readonly ConsumeMessage[]> {
  const deliveries: ConsumeMessage[] = []
  const { messageCount } = await channel.checkQueue(queue)
  const { promise: all, resolve, reject } = withResolvers()
  const tooLate = setTimeout(() => {
    reject(new Error(`${queue} gave ${deliveries.length} of ${messageCount} messages`))
  }, PATIENCE_MS)
  const { consumerTag } = await channel.consume(queue, (delivery) => {
    if (delivery !== null) deliveries.push(delivery)
    if (deliveries.length >= messageCount) resolve()
  })
  if (messageCount > 0) await all
  clearTimeout(tooLate)
  await channel.cancel(consumerTag)
  const more = (await channel.checkQueue(queue)).messageCount + deliveries.length - messageCount
  if (more > 0)
    throw new Error(`${queue} has ${more} messages more than the ${messageCount} it told`)
  return deliveries
}

/** Acknowledges some, and publishes a message behind that, which says when it is durable. */
async function settleSome(
  { queue, channel, deliveries }: Taken,
  topology: Topology,
  random: Random,
  publisher: string, // one for each channel: nothing orders those of several
): Promise<void> {
  const ledger = topology.ledger(queue)
  const ackShare = random.oneOf([0, 0.5, 0.9, 1])
  const acked = deliveries.filter(() => random.isTrue(ackShare))
  for (const delivery of acked) {
    channel.ack(delivery)
    ledger.settled(readBooked(delivery))
  }
  const last = { publisher, number: 0, priority: 0, isTransient: false }
  publishBooked(channel, topology, FORWARDING, last, 12, () => {
    for (const delivery of acked) ledger.settledForGood(readBooked(delivery))
  })
  if (random.isTrue(0.8)) await channel.waitForConfirms()
  if (random.isTrue(0.5)) await channel.close()
}

function withResolvers() {
  let resolve = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

const PATIENCE_MS = 20_000
