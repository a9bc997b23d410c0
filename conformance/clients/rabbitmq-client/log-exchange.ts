import { Connection } from 'rabbitmq-client'

/** Connects without the client's patience: an error ends the program. */
export function connect(url: string): Connection {
  const connection = new Connection(url)
  connection.on('error', (error) => {
    throw error
  })
  return connection
}

/** Emits log messages to an exchange. */
export async function openPublisher(url: string, exchange: string, type: string) {
  const connection = connect(url)
  const channel = await connection.acquire()
  await channel.exchangeDeclare({ exchange, type, autoDelete: true })
  return {
    log: (routingKey: string, body: string) => channel.basicPublish({ exchange, routingKey }, body),
    /** Sends 'end' past the exchange: whatever the exchange routed wrongly comes before it. */
    async end(subscribers: readonly { readonly queue: string }[]): Promise<void> {
      for (const { queue } of subscribers) await channel.basicPublish(queue, 'end')
    },
    async close(): Promise<void> {
      await channel.close()
      await connection.close()
    },
  }
}

/** Receives log messages in an exclusive queue that the broker names. */
export async function openSubscriber(
  url: string,
  exchange: string,
  type: string,
  bindingKeys: readonly string[],
) {
  const connection = connect(url)
  const channel = await connection.acquire()
  await channel.exchangeDeclare({ exchange, type, autoDelete: true })
  const { queue } = await channel.queueDeclare({ exclusive: true })
  for (const routingKey of bindingKeys) await channel.queueBind({ queue, exchange, routingKey })

  const received: string[][] = []
  let onEnd = () => {}
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  await channel.basicConsume({ queue, noAck: true }, (message) => {
    if (message.body === 'end') onEnd()
    else received.push([message.exchange, message.routingKey, String(message.body)])
  })
  return {
    queue,
    /** Waits for 'end'; gives exchange, routing key and body of what came before. */
    async logs(): Promise<readonly string[][]> {
      await ended
      await channel.close()
      await connection.close()
      return received
    },
  }
}
