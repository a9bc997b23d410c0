import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { describe, expect, test } from 'vitest'
import { methodFrame } from '../../conformance/support/frames.ts'
import { connectMuteClient } from '../cli/mute-client.ts'
import { connectTo, startBroker } from './running-broker.ts'

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Takes messages from a queue until `count` have come. They stay unacknowledged. */
function take(channel: Channel, queue: string, count: number): Promise<readonly ConsumeMessage[]> {
  const messages: ConsumeMessage[] = []
  return new Promise((resolve, reject) => {
    const subscribed = channel.consume(queue, (message) => {
      if (message === null) return reject(new Error('the consumer was cancelled'))
      if (messages.push(message) === count) resolve(messages)
    })
    subscribed.catch(reject)
  })
}

/** Ends a connection as a crash of its process does. */
async function kill({ connection }: ChannelModel): Promise<void> {
  const socket = 'stream' in connection ? connection.stream : null
  if (!(socket instanceof Socket)) throw new Error('amqplib keeps its socket elsewhere')
  socket.destroy()
  await once(socket, 'close')
}

function bodiesOf(messages: readonly ConsumeMessage[]): readonly number[] {
  return messages.map((message) => Number(message.content.toString()))
}

test('a thousand connections publish to and consume from the same queues', async () => {
  const broker = await startBroker()
  const queues = ['a', 'b', 'c', 'd']
  const perConnection = 4
  const admin = await (await connectTo(broker)).createChannel()
  for (const queue of queues) await admin.assertQueue(queue)
  const channels: Channel[] = []
  for (let batch = 0; batch < 10; batch++) {
    const connections = await Promise.all(range(100).map(() => connectTo(broker)))
    channels.push(...(await Promise.all(connections.map((one) => one.createChannel()))))
  }
  const received: string[] = []
  const everything = new Promise<void>((resolve) => {
    for (const [i, channel] of channels.entries()) {
      void channel.prefetch(2)
      void channel.consume(queues[i % queues.length] ?? '', (message) => {
        if (message === null) return
        channel.ack(message)
        received.push(message.content.toString())
        if (received.length === channels.length * perConnection) resolve()
      })
    }
  })
  for (const [i, channel] of channels.entries()) {
    for (const n of range(perConnection)) {
      channel.sendToQueue(queues[n % queues.length] ?? '', Buffer.from(`${i}/${n}`))
    }
  }
  await everything
  expect(new Set(received).size).toBe(channels.length * perConnection)
  for (const queue of queues) {
    expect(await admin.checkQueue(queue)).toMatchObject({ messageCount: 0, consumerCount: 250 })
  }
})

test('five thousand queues get their copy of a message and go again', async () => {
  const broker = await startBroker()
  const channel = await (await connectTo(broker)).createConfirmChannel()
  const names = range(5000).map((i) => `queue-${i}`)
  await channel.assertExchange('all', 'fanout')
  await Promise.all(
    names.flatMap((name) => [channel.assertQueue(name), channel.bindQueue(name, 'all', '')]),
  )
  channel.publish('all', '', Buffer.from('hello'))
  await channel.waitForConfirms()
  const deleted = await Promise.all(names.map((name) => channel.deleteQueue(name)))
  expect(deleted.filter(({ messageCount }) => messageCount !== 1)).toEqual([])
  const again = await channel.assertQueue(names[0])
  expect(again.messageCount).toBe(0)
  channel.publish('all', '', Buffer.from('nobody'))
  await channel.waitForConfirms()
  expect(await channel.checkQueue(names[0] ?? '')).toMatchObject({ messageCount: 0 })
})

test('2,047 channels of one connection take their turns, and give back what they hold', async () => {
  const broker = await startBroker()
  const connection = await connectTo(broker)
  const channels = await Promise.all(range(2047).map(() => connection.createChannel()))
  await expect(connection.createChannel()).rejects.toThrow('No channels left to allocate')
  const admin = await (await connectTo(broker)).createConfirmChannel()
  await admin.assertQueue('q')
  const turns: number[] = []
  const everyone = new Promise<void>((resolve, reject) => {
    for (const [i, channel] of channels.entries()) {
      const subscribed = channel.consume('q', () => {
        if (turns.push(i) === channels.length) resolve()
      })
      subscribed.catch(reject)
    }
  })
  for (let count = 0; count < channels.length; ) {
    count = (await admin.checkQueue('q')).consumerCount
  }
  for (const i of range(channels.length)) admin.sendToQueue('q', Buffer.from(`${i}`))
  await everyone
  expect(turns).toEqual(range(channels.length))
  await connection.close()
  expect(await admin.checkQueue('q')).toMatchObject({ messageCount: 2047, consumerCount: 0 })
  expect(bodiesOf(await take(admin, 'q', 2047))).toEqual(range(2047))
})

describe('what a killed client held', () => {
  async function startWithMessages(count: number) {
    const broker = await startBroker()
    const publisher = await (await connectTo(broker)).createConfirmChannel()
    await publisher.assertQueue('q')
    for (const i of range(count)) publisher.sendToQueue('q', Buffer.from(`${i}`))
    await publisher.waitForConfirms()
    const victim = await connectTo(broker)
    victim.on('error', () => {}) // amqplib tells of the loss
    return { broker, publisher, victim }
  }

  test('all comes to another consumer, marked as redelivered and in order', async () => {
    const count = 10_000
    const { broker, victim } = await startWithMessages(count)
    const first = await take(await victim.createChannel(), 'q', count)
    expect(first.every((message) => !message.fields.redelivered)).toBe(true)
    await kill(victim)
    const second = await take(await (await connectTo(broker)).createChannel(), 'q', count)
    expect(bodiesOf(second)).toEqual(range(count))
    expect(second.every((message) => message.fields.redelivered)).toBe(true)
  })

  test('comes before what came later, to a consumer that waited', async () => {
    const count = 2000
    const { broker, publisher, victim } = await startWithMessages(count)
    await take(await victim.createChannel(), 'q', count)
    const heir = await (await connectTo(broker)).createChannel()
    await heir.prefetch(1)
    const order: string[] = []
    const everything = new Promise<void>((resolve, reject) => {
      const subscribed = heir.consume('q', (message) => {
        if (message === null) return reject(new Error('the consumer was cancelled'))
        heir.ack(message)
        order.push(`${message.content}${message.fields.redelivered ? ' again' : ''}`)
        if (order.length === count + 1) resolve()
      })
      subscribed.catch(reject)
    })
    for (let waiting = 0; waiting < 2; ) waiting = (await publisher.checkQueue('q')).consumerCount
    await kill(victim)
    for (let left = 2; left > 1; ) left = (await publisher.checkQueue('q')).consumerCount
    publisher.sendToQueue('q', Buffer.from('late'))
    await everything
    expect(order).toEqual([...range(count).map((i) => `${i} again`), 'late'])
  })

  test('comes back too when it never read what was on its way', async () => {
    const broker = await startBroker()
    const channel = await (await connectTo(broker)).createConfirmChannel()
    await channel.assertQueue('q')
    for (const i of range(8)) channel.sendToQueue('q', Buffer.alloc(8_388_608, i))
    await channel.waitForConfirms()
    const victim = await connectMuteClient(broker.amqp.port)
    victim.pause()
    victim.write(methodFrame(1, 'channel.open'))
    victim.write(methodFrame(1, 'basic.consume', { queue: 'q' }))
    for (let count = 0; count < 1; ) count = (await channel.checkQueue('q')).consumerCount
    const left = await channel.checkQueue('q')
    expect(left.messageCount).toBeLessThan(8) // some are on their way, but not all: it does not read
    expect(left.messageCount).toBeGreaterThan(0)
    victim.destroy()
    for (let count = 1; count > 0; ) count = (await channel.checkQueue('q')).consumerCount
    const back = await take(channel, 'q', 8)
    expect(back.map(({ content }) => content[0])).toEqual(range(8))
    const marks = back.map(({ fields }) => fields.redelivered)
    expect(marks).toEqual(range(8).map((i) => i < 8 - left.messageCount))
  })

  test('without what it had acknowledged', async () => {
    const count = 2000
    const { broker, publisher, victim } = await startWithMessages(count)
    const channel = await victim.createChannel()
    const messages = await take(channel, 'q', count)
    for (const [i, message] of messages.entries()) if (i % 2 === 0) channel.ack(message)
    await channel.checkQueue('q') // the broker has seen the acknowledgements
    await kill(victim)
    const heir = await (await connectTo(broker)).createChannel()
    const left = await take(heir, 'q', count / 2)
    expect(bodiesOf(left)).toEqual(range(count / 2).map((i) => 2 * i + 1))
    await heir.close()
    expect(await publisher.checkQueue('q')).toMatchObject({ messageCount: count / 2 })
  })
})
