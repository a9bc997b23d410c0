/** Where orders wait for a worker. */
export const ORDERS = 'orders'

/** Where those end that no worker could ship. */
export const FAILED = 'orders.failed'

/** Whoever comes first makes the queues; for all others they are there already. */
export async function declareQueues(channel) {
  await channel.assertQueue(FAILED)
  await channel.assertQueue(ORDERS, { deadLetterExchange: '', deadLetterRoutingKey: FAILED })
}
