import amqplib from 'amqplib'
import { declareQueues, ORDERS } from './topology.js'

const connection = await amqplib.connect(process.env.AMQP_URL ?? 'amqp://127.0.0.1')
const channel = await connection.createChannel()
await declareQueues(channel)
await channel.prefetch(10)

await channel.consume(ORDERS, (message) => {
  if (message === null) throw new Error('the queue was deleted')
  const { number, item } = JSON.parse(message.content.toString())
  if (number % 7 === 0) {
    console.log(`order ${number} cannot be shipped`)
    channel.nack(message, false, false) // not again: it goes to the failed ones
  } else {
    console.log(`order ${number} is shipped: ${item}`)
    channel.ack(message)
  }
})

process.once('SIGTERM', () => connection.close())
