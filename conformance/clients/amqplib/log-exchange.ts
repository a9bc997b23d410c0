import { connect } from 'amqplib'

/** Emits log messages to an exchange. */
export async function openPublisher(url: string, exchange: string, type: string) {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  await channel.assertExchange(exchange, type, { durable: false, autoDelete: true })
  return {
    log(routingKey: string, body: string): void {
      channel.publish(exchange, routingKey, Buffer.from(body))
    },
    /** Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it. */
    end(subscribers: readonly { readonly queue: string }[]): void {
      for (const { queue } of subscribers) channel.sendToQueue(queue, Buffer.from('end'))
    },
    close: () => connection.close(),
  }
}

/** Receives log messages in an exclusive queue that the broker names. */
export async function openSubscriber(
  url: string,
  exchange: string,
  type: string,
  bindingKeys: readonly string[],
) {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  await channel.assertExchange(exchange, type, { durable: false, autoDelete: true })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  for (const key of bindingKeys) await channel.bindQueue(queue, exchange, key)

  const received: string[][] = []
  let onEnd = () => {}
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  await channel.consume(
    queue,
    (message) => {
      if (message === null) throw new Error('the broker cancelled the consumer')
      const body = message.content.toString()
      if (body === 'end') onEnd()
      else received.push([message.fields.exchange, message.fields.routingKey, body])
    },
    { noAck: true },
  )
  return {
    queue,
    /** Waits for 'end'; gives exchange, routing key and body of what came before. */
    async logs(): Promise<readonly string[][]> {
      await ended
      await connection.close()
      return received
    },
  }
}
