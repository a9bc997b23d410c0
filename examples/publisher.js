import { setTimeout } from 'node:timers/promises'
import amqplib from 'amqplib'
import { declareQueues, ORDERS } from './topology.js'

const connection = await amqplib.connect(process.env.AMQP_URL ?? 'amqp://127.0.0.1')
const channel = await connection.createConfirmChannel()
await declareQueues(channel)

let isStopping = false
process.once('SIGTERM', () => {
  isStopping = true
})

for (let number = 1; !isStopping; number++) {
  const order = { number, item: 'one hare' }
  channel.sendToQueue(ORDERS, Buffer.from(JSON.stringify(order)), { persistent: true })
  await channel.waitForConfirms() // from here on the order is safe
  console.log(`order ${number} is placed`)
  await setTimeout(Number(process.env.PAUSE_MS ?? 1000))
}
await connection.close()
