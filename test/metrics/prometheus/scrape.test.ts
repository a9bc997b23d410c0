import { once } from 'node:events'
import { connect } from 'node:net'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Broker, type BrokerOptions, createBroker } from '../../../src/index.ts'
import { LogLines } from '../../broker/log-lines.ts'
import { ApiClient } from '../../support/api-client.ts'

const LOOPBACK = { host: '127.0.0.1' }

async function start(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await createBroker({ prometheus: LOOPBACK, ...options })
  onTestFinished(() => broker.close())
  return broker
}

async function scrape({ prometheus }: Broker, path = '/metrics'): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${prometheus?.port}${path}`)
  return response.text()
}

/** The value of one series, as it stands in the text. */
function valueOf(text: string, series: string): string | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line?.slice(series.length + 1)
}

async function publish(broker: Broker, queue: string, sizes: readonly number[]): Promise<void> {
  const connection = await amqplib.connect(broker.url)
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue(queue)
  for (const size of sizes) channel.sendToQueue(queue, Buffer.alloc(size))
  await channel.waitForConfirms()
}

describe('a scrape', () => {
  test('sums over all queues', async () => {
    const broker = await start()
    await publish(broker, 'one', [1, 1])
    await publish(broker, 'two', [1])
    const text = await scrape(broker)
    expect(valueOf(text, 'rabbitmq_queue_messages_ready')).toBe('3')
    expect(valueOf(text, 'rabbitmq_queues')).toBe('2')
    expect(valueOf(text, 'rabbitmq_connections')).toBe('2')
    expect(valueOf(text, 'rabbitmq_global_messages_received_total{protocol="amqp091"}')).toBe('3')
  })

  test('tells of each queue where it is asked to', async () => {
    const broker = await start()
    await publish(broker, 'with "quotes"', [1, 1])
    const text = await scrape(broker, '/metrics/per-object')
    const labels = '{vhost="/",queue="with \\"quotes\\""}'
    expect(valueOf(text, `rabbitmq_queue_messages_ready${labels}`)).toBe('2')
  })

  test('gives in detail what families, vhosts and names ask for', async () => {
    const broker = await start()
    await publish(broker, 'wanted', [1])
    await publish(broker, 'other', [1])
    const path = '/metrics/detailed?family=queue_coarse_metrics&queue=^wan'
    const text = await scrape(broker, path)
    const name = 'rabbitmq_detailed_queue_messages_ready'
    expect(valueOf(text, `${name}{vhost="/",queue="wanted"}`)).toBe('1')
    expect(text).not.toContain('queue="other"')
    expect(text).not.toContain('rabbitmq_detailed_connections_opened_total')
    expect(await scrape(broker, `${path}&vhost=nowhere`)).not.toContain('queue="wanted"')
  })

  test('counts messages by their size', async () => {
    const broker = await start()
    await publish(broker, 'sizes', [100, 101, 5000])
    const text = await scrape(broker)
    const bucket = (bound: string) =>
      valueOf(text, `rabbitmq_message_size_bytes_bucket{protocol="amqp091",le="${bound}"}`)
    expect(['100', '1000', '10000', '+Inf'].map(bucket)).toEqual(['1', '2', '3', '3'])
    expect(valueOf(text, 'rabbitmq_message_size_bytes_sum{protocol="amqp091"}')).toBe('5201')
  })

  test('tells of an alarm at once', async () => {
    const broker = await start()
    const metric = 'rabbitmq_alarms_memory_used_watermark'
    expect(valueOf(await scrape(broker), metric)).toBe('0')
    broker.administration.setAlarm('memory', true)
    expect(valueOf(await scrape(broker), metric)).toBe('1')
  })

  test('tells of node and cluster under labels that dashboards join by', async () => {
    const broker = await start()
    const text = await scrape(broker)
    expect(text).toContain(`rabbitmq_identity_info{rabbitmq_node="${broker.nodeName}",`)
    expect(text).toContain('rabbitmq_endpoint="aggregated"} 1')
    expect(text).toMatch(/^rabbitmq_build_info\{rabbitmq_version="4\.2\.\d+",/m)
  })

  test('keeps what a quorum queue had counted when the queue is gone', async () => {
    const broker = await start()
    const connection = await amqplib.connect(broker.url)
    onTestFinished(() => connection.close())
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue('q', { arguments: { 'x-queue-type': 'quorum' } })
    for (const body of ['x', 'y']) channel.sendToQueue('q', Buffer.from(body))
    await channel.waitForConfirms()
    await channel.get('q', { noAck: true })
    const series =
      'rabbitmq_global_messages_delivered_total{protocol="amqp091",queue_type="rabbit_quorum_queue"}'
    expect(valueOf(await scrape(broker), series)).toBe('1')
    await channel.get('q', { noAck: true })
    await channel.deleteQueue('q')
    expect(valueOf(await scrape(broker), series)).toBe('2')
  })

  test('goes no further when its reader leaves, and the next one gets everything', async () => {
    const logger = new LogLines()
    const broker = await start({ logger })
    const connection = await amqplib.connect(broker.url)
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    const names = Array.from({ length: 3000 }, (_, at) => `${'long name '.repeat(10)}${at}`)
    await Promise.all(names.map((name) => channel.assertQueue(name)))
    const socket = connect(broker.prometheus?.port ?? 0, '127.0.0.1')
    socket.write('GET /metrics/per-object HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    const text = await scrape(broker, '/metrics/per-object')
    for (const name of [names[0], names.at(-1)]) {
      expect(valueOf(text, `rabbitmq_queue_info{vhost="/",queue="${name}"${QUEUE_INFO}`)).toBe('1')
    }
    expect(valueOf(text, `telemetry_scrape_duration_seconds_count${PER_OBJECT}`)).toBe('0')
    expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })
})

const QUEUE_INFO = ',queue_type="rabbit_classic_queue",membership="leader"}'
const PER_OBJECT = '{registry="per-object",content_type="text/plain; version=0.0.4"}'

test('what is not there is not found, in words of its own', async () => {
  const broker = await start()
  expect(await scrape(broker, '/metrics/nosuch')).toBe('Unknown Registry')
  expect(await scrape(broker, '/')).toBe('{"error":"Object Not Found","reason":"Not Found"}')
})

describe('metrics on the port of the management', () => {
  test('need a login', async () => {
    const broker = await start({ management: LOOPBACK })
    expect((await new ApiClient(broker, null).get('/metrics')).status).toBe(401)
    expect((await new ApiClient(broker, 'nobody').get('/metrics')).status).toBe(401)
    const answer = await new ApiClient(broker).get('/metrics')
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('rabbitmq_identity_info')
  })

  test('need a tag for monitoring', async () => {
    const broker = await start({ management: LOOPBACK })
    broker.administration.addUser('reader', 'reader', ['management'])
    expect((await new ApiClient(broker, 'reader').get('/metrics')).status).toBe(401)
  })
})
