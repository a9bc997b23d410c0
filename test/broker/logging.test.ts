import { once } from 'node:events'
import { connect } from 'node:net'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBroker } from '../../src/index.ts'
import { connectMuteClient } from '../cli/mute-client.ts'
import { LogLines } from './log-lines.ts'
import { connectTo, startBroker } from './running-broker.ts'

/** What is said of connections, with what differs from run to run made the same: the client's port, how long it stayed. */
function steady(lines: readonly string[]): readonly string[] {
  const ofConnections = lines.filter((line) => !line.includes('listener'))
  return ofConnections.map((line) =>
    line
      .replace(/127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+/, 'CLIENT -> BROKER')
      .replace(/duration: '\d+m?s'/, "duration: 'TIME'"),
  )
}

describe('the log', () => {
  test('tells the life of a connection', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const connection = await connectTo(broker)
    await connection.close()
    const [closed = ''] = await log.until('closing AMQP connection')
    expect(closed).toContain(`-> 127.0.0.1:${broker.amqp.port}, vhost`)
    expect(steady(log.lines)).toEqual([
      'info accepting AMQP connection CLIENT -> BROKER',
      "info User 'guest' authenticated successfully",
      "info connection CLIENT -> BROKER: user 'guest' authenticated and granted access to vhost '/'",
      "info closing AMQP connection (CLIENT -> BROKER, vhost: '/', user: 'guest', duration: 'TIME')",
    ])
  })

  test('tells of every address that is listened on', async () => {
    const log = new LogLines()
    const broker = await createBroker({ amqp: { host: ['127.0.0.1', '127.0.0.2'] }, logger: log })
    onTestFinished(() => broker.close())
    expect(log.lines).toEqual([
      'info Ready to start client connection listeners',
      `info started TCP listener on 127.0.0.1:${broker.amqp.port}`,
      `info started TCP listener on 127.0.0.2:${broker.amqp.port}`,
    ])
  })

  test('calls a connection by the name that its client gave it', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const connection = await amqplib.connect(broker.url, {
      clientProperties: { connection_name: 'stuffer' },
    })
    await connection.close()
    await log.until('closing AMQP connection')
    expect(steady(log.lines)).toEqual([
      'info accepting AMQP connection CLIENT -> BROKER',
      'info connection CLIENT -> BROKER has a client-provided name: stuffer',
      "info User 'guest' authenticated successfully",
      "info connection CLIENT -> BROKER - stuffer: user 'guest' authenticated and granted access to vhost '/'",
      "info closing AMQP connection (CLIENT -> BROKER - stuffer, vhost: '/', user: 'guest', duration: 'TIME')",
    ])
  })

  test('says when a client has gone without a word', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const client = await connectMuteClient(broker.amqp.port)
    client.destroy()
    const lines = await log.until('closing AMQP connection')
    expect(steady(lines)).toEqual([
      "warn closing AMQP connection <0.1.0> (CLIENT -> BROKER, vhost: '/', user: 'guest', duration: 'TIME'):\nclient unexpectedly closed TCP connection",
    ])
  })

  test('says which connections a shutdown closes', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    await connectTo(broker)
    await broker.close()
    expect(steady(log.lines)).toContain(
      "warn Closing AMQP connection <0.1.0> (CLIENT -> BROKER, vhost: '/', user: 'guest'): broker forced connection closure with reason 'shutdown'",
    )
  })

  test('says what cost a client its channel', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const channel = await (await connectTo(broker)).createChannel()
    const failed = once(channel, 'error')
    await expect(channel.checkQueue('shovel.src')).rejects.toThrow('NOT_FOUND')
    await failed
    expect(steady(await log.until('Channel error'))).toEqual([
      "error Channel error on connection <0.1.0> (CLIENT -> BROKER, vhost: '/', user: 'guest'), channel 1:\noperation queue.declare caused a channel exception not_found: no queue 'shovel.src' in vhost '/'",
    ])
  })

  test('says whose login was refused', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    await expect(amqplib.connect(broker.url.replace('guest@', 'wrong@'))).rejects.toThrow()
    expect(steady(await log.until('Error on AMQP connection'))).toEqual([
      "error Error on AMQP connection <0.1.0> (CLIENT -> BROKER, state: starting):\nPLAIN login refused: user 'guest' - invalid credentials",
    ])
  })

  test('says that a client took too long to log in', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log, handshakeTimeoutMs: 20 })
    const client = connect(broker.amqp.port, '127.0.0.1')
    client.write('AMQP\0\0\x09\x01', 'latin1')
    client.resume()
    await once(client, 'close')
    expect(steady(await log.until('handshake'))).toEqual([
      "error closing AMQP connection <0.1.0> (CLIENT -> BROKER, duration: 'TIME'):\n{handshake_timeout,handshake}",
    ])
  })

  test('keeps who only looks whether the port is open below info', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const client = connect(broker.amqp.port, '127.0.0.1')
    await once(client, 'connect')
    client.end()
    expect(steady(await log.until('closing AMQP connection'))).toEqual([
      "debug closing AMQP connection (CLIENT -> BROKER, duration: 'TIME')",
    ])
    expect(steady(log.lines)).toHaveLength(1)
  })

  test('says nothing about messages', async () => {
    const log = new LogLines()
    const broker = await startBroker({ logger: log })
    const channel = await (await connectTo(broker)).createConfirmChannel()
    const before = log.lines.length
    const { queue } = await channel.assertQueue('', { exclusive: true })
    for (let i = 0; i < 100; i++) channel.sendToQueue(queue, Buffer.from(`${i}`))
    await channel.waitForConfirms()
    await channel.purgeQueue(queue)
    expect(log.lines).toHaveLength(before)
  })
})
