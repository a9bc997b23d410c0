/**
 * The tutorial scenarios with amqplib: tutorial.ts SCENARIO URL NAME.
 *
 * NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
 * expected; otherwise the last line on stderr says what did not.
 */
import { type Channel, type ConsumeMessage, connect } from 'amqplib'
import { deferred, expect, kill, runProgram, startRole } from '../node-program.ts'
import { openPublisher, openSubscriber } from './log-exchange.ts'

const TASKS = [1, 2, 3, 4, 5, 6].map((number) => `task ${number}`)
const SEVERITIES = ['info', 'error', 'debug', 'warning', 'error']
const FACILITIES = [
  'kern.critical',
  'kern.info',
  'cron.critical',
  'cron.info',
  'kern.disk.critical',
  'kern',
]
const FIBONACCI = new Map([
  [0, 0],
  [1, 1],
  [10, 55],
  [20, 6765],
])

async function helloWorld(url: string, name: string): Promise<void> {
  const sender = await connect(url)
  const outgoing = await sender.createChannel()
  await outgoing.assertQueue(name, { durable: false })
  outgoing.sendToQueue(name, Buffer.from('Hello World!'))
  await outgoing.close()
  await sender.close()

  const receiver = await connect(url)
  const channel = await receiver.createChannel()
  await channel.assertQueue(name, { durable: false })
  const { promise: received, resolve } = deferred<ConsumeMessage>()
  const onMessage = (message: ConsumeMessage | null) => resolve(delivered(message))
  const { consumerTag } = await channel.consume(name, onMessage, { noAck: true })
  const { fields, content } = await received
  await channel.cancel(consumerTag)
  expect(
    'received',
    [fields.exchange, fields.routingKey, fields.redelivered, content.toString()],
    ['', name, false, 'Hello World!'],
  )
  expect('messages left', await depth(channel, name), 0)
  await channel.deleteQueue(name)
  await receiver.close()
}

async function workQueue(url: string, name: string): Promise<void> {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  await channel.assertQueue(name, { durable: true })
  for (const task of TASKS) channel.sendToQueue(name, Buffer.from(task), { persistent: true })

  const { child: doomed, lines: took } = startRole('worker', url, name)
  expect('first worker took', (await took.next()).value, 'task 1 redelivered=false')
  const done: unknown[] = []
  const { promise: finished, resolve } = deferred<void>()
  await channel.prefetch(1)
  await channel.consume(name, async (delivery) => {
    const message = delivered(delivery)
    done.push([
      message.content.toString(),
      message.fields.redelivered,
      message.properties.deliveryMode,
    ])
    if (done.length === TASKS.length - 1) await kill(doomed)
    channel.ack(message)
    if (done.length === TASKS.length) resolve()
  })
  await finished
  const fresh = TASKS.slice(1).map((task) => [task, false, 2])
  expect('second worker took', done, [...fresh, ['task 1', true, 2]])
  expect('first worker also took', (await took.next()).done, true)

  await channel.close()
  const checking = await connection.createChannel()
  expect('messages left', await depth(checking, name), 0)
  await checking.deleteQueue(name)
  await connection.close()
}

/** Takes a task and never acknowledges it. Runs in a process of its own, to be killed. */
async function worker(url: string, name: string): Promise<void> {
  const channel = await (await connect(url)).createChannel()
  await channel.prefetch(1)
  await channel.consume(name, (delivery) => {
    const { content, fields } = delivered(delivery)
    console.log(`${content.toString()} redelivered=${fields.redelivered}`)
  })
}

async function publishSubscribe(url: string, name: string): Promise<void> {
  const publisher = await openPublisher(url, name, 'fanout')
  publisher.log('', 'nobody listens yet')
  const first = await openSubscriber(url, name, 'fanout', [''])
  const second = await openSubscriber(url, name, 'fanout', [''])
  for (const number of [1, 2, 3]) publisher.log('', `log ${number}`)
  publisher.end([first, second])

  expect('queue names differ', first.queue !== second.queue, true)
  for (const subscriber of [first, second]) {
    expect('queue name', subscriber.queue.slice(0, 8), 'amq.gen-')
    const received = [1, 2, 3].map((number) => [name, '', `log ${number}`])
    expect('received', await subscriber.logs(), received)
  }
  await publisher.close()
}

async function routing(url: string, name: string): Promise<void> {
  const publisher = await openPublisher(url, name, 'direct')
  const disk = await openSubscriber(url, name, 'direct', ['error'])
  const screen = await openSubscriber(url, name, 'direct', ['info', 'warning', 'error'])
  for (const severity of SEVERITIES) publisher.log(severity, `from ${severity}`)
  publisher.end([disk, screen])

  expect('error queue', await disk.logs(), logged(name, ['error', 'error']))
  const shown = ['info', 'error', 'warning', 'error']
  expect('screen queue', await screen.logs(), logged(name, shown))
  await publisher.close()
}

async function topics(url: string, name: string): Promise<void> {
  const publisher = await openPublisher(url, name, 'topic')
  const all = await openSubscriber(url, name, 'topic', ['#'])
  const kern = await openSubscriber(url, name, 'topic', ['kern.*'])
  const critical = await openSubscriber(url, name, 'topic', ['*.critical'])
  const both = await openSubscriber(url, name, 'topic', ['kern.*', '*.critical'])
  for (const facility of FACILITIES) publisher.log(facility, `from ${facility}`)
  publisher.end([all, kern, critical, both])

  expect('queue of #', await all.logs(), logged(name, FACILITIES))
  expect('queue of kern.*', await kern.logs(), logged(name, ['kern.critical', 'kern.info']))
  const criticals = ['kern.critical', 'cron.critical']
  expect('queue of *.critical', await critical.logs(), logged(name, criticals))
  const either = ['kern.critical', 'kern.info', 'cron.critical']
  expect('queue of both', await both.logs(), logged(name, either))
  await publisher.close()
}

function logged(exchange: string, routingKeys: readonly string[]): string[][] {
  return routingKeys.map((key) => [exchange, key, `from ${key}`])
}

async function rpc(url: string, name: string): Promise<void> {
  const server = await connect(url)
  await serveFibonacci(await server.createChannel(), name)

  const client = await connect(url)
  const channel = await client.createChannel()
  const { queue: replyTo } = await channel.assertQueue('', { exclusive: true })
  const replies = new Map<unknown, number>()
  const { promise: answered, resolve } = deferred<void>()
  const onReply = (delivery: ConsumeMessage | null) => {
    const { properties, content } = delivered(delivery)
    replies.set(properties.correlationId, Number(content.toString()))
    if (replies.size === FIBONACCI.size) resolve()
  }
  await channel.consume(replyTo, onReply, { noAck: true })
  for (const number of FIBONACCI.keys()) {
    const correlationId = `call-${number}`
    channel.sendToQueue(name, Buffer.from(`${number}`), { replyTo, correlationId })
  }
  await answered
  const expected = [...FIBONACCI].map(([number, value]) => [`call-${number}`, value])
  expect('replies', [...replies], expected)
  await channel.deleteQueue(name)
  await client.close()
  await server.close()
}

async function serveFibonacci(channel: Channel, name: string): Promise<void> {
  await channel.assertQueue(name, { durable: false })
  await channel.prefetch(1)
  await channel.consume(name, (delivery) => {
    if (delivery === null) return // the queue is gone, which is how this ends
    const { replyTo, correlationId } = delivery.properties
    const answer = `${fib(Number(delivery.content.toString()))}`
    channel.sendToQueue(replyTo, Buffer.from(answer), { correlationId })
    channel.ack(delivery)
  })
}

function fib(number: number): number {
  return number < 2 ? number : fib(number - 1) + fib(number - 2)
}

async function confirms(url: string, name: string): Promise<void> {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue(name, { durable: false })
  for (let number = 0; number < 10; number++) {
    channel.sendToQueue(name, Buffer.from(`individually ${number}`))
    await channel.waitForConfirms()
  }
  expect('messages after individual confirms', await depth(channel, name), 10)

  for (let batch = 0; batch < 2; batch++) {
    for (let number = 0; number < 50; number++) {
      channel.sendToQueue(name, Buffer.from(`batch ${batch}.${number}`))
    }
    await channel.waitForConfirms()
  }
  expect('messages after batches', await depth(channel, name), 110)

  const confirmed = new Set<number>()
  const { promise: allConfirmed, resolve, reject } = deferred<void>()
  for (let number = 0; number < 100; number++) {
    channel.sendToQueue(name, Buffer.from(`asynchronously ${number}`), {}, (error) => {
      if (error !== null) reject(error)
      confirmed.add(number)
      if (confirmed.size === 100) resolve()
    })
  }
  expect('confirmed before the broker could answer', confirmed.size, 0)
  await allConfirmed
  expect('messages in the end', await depth(channel, name), 210)
  await channel.deleteQueue(name)
  await connection.close()
}

async function depth(channel: Channel, queue: string): Promise<number> {
  return (await channel.checkQueue(queue)).messageCount
}

function delivered(message: ConsumeMessage | null): ConsumeMessage {
  if (message === null) throw new Error('the broker cancelled the consumer')
  return message
}

await runProgram({
  'hello-world': helloWorld,
  'work-queue': workQueue,
  'publish-subscribe': publishSubscribe,
  routing,
  topics,
  rpc,
  confirms,
  worker,
})
