/**
 * The tutorial scenarios with rabbitmq-client: tutorial.ts SCENARIO URL NAME.
 *
 * NAME is free for the queue or exchange of this run. Exit code 0 means that everything arrived as
 * expected; otherwise the last line on stderr says what did not.
 */
import { type AsyncMessage, type Channel, type Connection, ConsumerStatus } from 'rabbitmq-client'
import { deferred, expect, kill, runProgram, startRole } from '../node-program.ts'
import { connect, openPublisher, openSubscriber } from './log-exchange.ts'

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
  const sender = connect(url)
  const publisher = sender.createPublisher({ queues: [{ queue: name }] })
  await publisher.send(name, 'Hello World!')
  await publisher.close()
  await sender.close()

  const receiver = connect(url)
  const channel = await receiver.acquire()
  await channel.queueDeclare({ queue: name })
  const { promise: received, resolve } = deferred<AsyncMessage>()
  await channel.basicConsume({ queue: name, noAck: true }, resolve)
  const { exchange, routingKey, redelivered, body } = await received
  expect('received', [exchange, routingKey, redelivered, body], ['', name, false, 'Hello World!'])
  expect('messages left', await depth(channel, name), 0)
  await channel.queueDelete(name)
  await channel.close()
  await receiver.close()
}

async function workQueue(url: string, name: string): Promise<void> {
  const connection = connect(url)
  const publisher = connection.createPublisher({ queues: [{ queue: name, durable: true }] })
  for (const task of TASKS) await publisher.send({ routingKey: name, durable: true }, task)
  await publisher.close()

  const { child: doomed, lines: took } = startRole('worker', url, name)
  expect('first worker took', (await took.next()).value, 'task 1 redelivered=false')
  const done: unknown[] = []
  const { promise: finished, resolve } = deferred<void>()
  const props = { queue: name, queueOptions: { durable: true }, qos: { prefetchCount: 1 } }
  const consumer = connection.createConsumer(props, async (message) => {
    done.push([message.body, message.redelivered, message.durable])
    if (done.length === TASKS.length - 1) await kill(doomed)
    if (done.length === TASKS.length) resolve()
    return ConsumerStatus.ACK
  })
  await finished
  const fresh = TASKS.slice(1).map((task) => [task, false, true])
  expect('second worker took', done, [...fresh, ['task 1', true, true]])
  expect('first worker also took', (await took.next()).done, true)

  await consumer.close()
  const channel = await connection.acquire()
  expect('messages left', await depth(channel, name), 0)
  await channel.queueDelete(name)
  await channel.close()
  await connection.close()
}

/** Takes a task and never acknowledges it. Runs in a process of its own, to be killed. */
async function worker(url: string, name: string): Promise<void> {
  const channel = await connect(url).acquire()
  await channel.basicQos({ prefetchCount: 1 })
  await channel.basicConsume({ queue: name }, (message) => {
    console.log(`${message.body} redelivered=${message.redelivered}`)
  })
}

async function publishSubscribe(url: string, name: string): Promise<void> {
  const publisher = await openPublisher(url, name, 'fanout')
  await publisher.log('', 'nobody listens yet')
  const first = await openSubscriber(url, name, 'fanout', [''])
  const second = await openSubscriber(url, name, 'fanout', [''])
  for (const number of [1, 2, 3]) await publisher.log('', `log ${number}`)
  await publisher.end([first, second])

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
  for (const severity of SEVERITIES) await publisher.log(severity, `from ${severity}`)
  await publisher.end([disk, screen])

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
  for (const facility of FACILITIES) await publisher.log(facility, `from ${facility}`)
  await publisher.end([all, kern, critical, both])

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
  const server = connect(url)
  const consumer = serveFibonacci(server, name)
  const client = connect(url)
  const expected = [...FIBONACCI].map(([number, value]) => [`call-${number}`, value])
  expect('replies', await callThroughQueue(client, name), expected)
  expect('direct replies', await callDirectly(client, name), [...FIBONACCI])
  await consumer.close()
  await server.queueDelete(name)
  await client.close()
  await server.close()
}

/** As in the tutorial: an exclusive reply queue, and correlation ids that tell the calls apart. */
async function callThroughQueue(client: Connection, name: string): Promise<unknown[]> {
  const channel = await client.acquire()
  await channel.queueDeclare({ queue: name })
  const { queue: replyTo } = await channel.queueDeclare({ exclusive: true })
  const replies: unknown[] = []
  const { promise: answered, resolve } = deferred<void>()
  await channel.basicConsume({ queue: replyTo, noAck: true }, ({ correlationId, body }) => {
    replies.push([correlationId, Number(body)])
    if (replies.length === FIBONACCI.size) resolve()
  })
  for (const number of FIBONACCI.keys()) {
    const correlationId = `call-${number}`
    await channel.basicPublish({ routingKey: name, replyTo, correlationId }, `${number}`)
  }
  await answered
  await channel.close()
  return replies
}

/** As this client does by itself: over RabbitMQ's direct reply-to. */
async function callDirectly(client: Connection, name: string): Promise<number[][]> {
  const caller = client.createRPCClient({ timeout: 20_000 })
  const calls = [...FIBONACCI.keys()].map(async (number) => {
    const reply = await caller.send(name, `${number}`)
    return [number, Number(reply.body)]
  })
  const replies = await Promise.all(calls)
  await caller.close()
  return replies
}

function serveFibonacci(connection: Connection, name: string) {
  const props = { queue: name, queueOptions: {}, qos: { prefetchCount: 1 } }
  return connection.createConsumer(props, async (request, reply) => {
    await reply(`${fib(Number(request.body))}`)
  })
}

function fib(number: number): number {
  return number < 2 ? number : fib(number - 1) + fib(number - 2)
}

async function confirms(url: string, name: string): Promise<void> {
  const connection = connect(url)
  const channel = await connection.acquire()
  await channel.queueDeclare({ queue: name })
  // In confirm mode each publish gives a promise that the broker's answer settles.
  await channel.confirmSelect()
  for (let number = 0; number < 10; number++) {
    await channel.basicPublish(name, `individually ${number}`)
  }
  expect('messages after individual confirms', await depth(channel, name), 10)

  for (let batch = 0; batch < 2; batch++) {
    const bodies = Array.from({ length: 50 }, (_, number) => `batch ${batch}.${number}`)
    await Promise.all(bodies.map((body) => channel.basicPublish(name, body)))
  }
  expect('messages after batches', await depth(channel, name), 110)

  const confirmed = new Set<number>()
  const { promise: allConfirmed, resolve, reject } = deferred<void>()
  for (let number = 0; number < 100; number++) {
    channel.basicPublish(name, `asynchronously ${number}`).then(() => {
      confirmed.add(number)
      if (confirmed.size === 100) resolve()
    }, reject)
  }
  expect('confirmed before the broker could answer', confirmed.size, 0)
  await allConfirmed
  expect('messages in the end', await depth(channel, name), 210)
  await channel.queueDelete(name)
  await channel.close()
  await connection.close()
}

async function depth(channel: Channel, queue: string): Promise<number> {
  return (await channel.queueDeclare({ queue, passive: true })).messageCount
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
