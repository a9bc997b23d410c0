import { connect, type Socket } from 'node:net'
import amqplib from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LOGIN_DELAY_MS } from '../../src/auth/login-delays.ts'
import { createBroker } from '../../src/index.ts'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import * as wire from '../../src/wire/methods.ts'
import { TestBroker } from '../support/test-broker.ts'
import { startOk } from '../support/test-client.ts'

const WRONG = startOk({
  response: '\0guest\0wrong',
  capabilities: ['authentication_failure_close'],
})

function refused(broker: TestBroker) {
  const client = broker.accept()
  client.call(PROTOCOL_HEADER)
  const answer = client.call(WRONG)
  return { client, isTold: answer.some(({ id }) => id === wire.CONNECTION_CLOSE) }
}

describe('who fails to log in', () => {
  test('is told at first, later kept waiting for it, and cut off when too many wait', () => {
    const broker = new TestBroker()
    const early = Array.from({ length: 10 }, () => refused(broker))
    expect(early.every(({ isTold }) => isTold)).toBe(true)
    const late = Array.from({ length: 190 }, () => refused(broker))
    expect(late.some(({ isTold }) => isTold)).toBe(false)
    expect(refused(broker).client.transport.isClosed).toBe(true)
    expect(broker.services.connections.size).toBe(200)
    broker.advance(LOGIN_DELAY_MS)
    for (const { client } of [...early, ...late]) expect(client.transport.isEnded).toBe(true)
    expect(broker.services.connections.size).toBe(0)
  })

  test('gives its place to the next when it goes by itself', () => {
    const broker = new TestBroker()
    const all = Array.from({ length: 200 }, () => refused(broker))
    all[0]?.client.transport.destroy()
    broker.settle()
    expect(refused(broker).client.transport.isClosed).toBe(false)
    expect(refused(broker).client.transport.isClosed).toBe(true)
  })

  test('may log in at once with the right password', () => {
    const broker = new TestBroker()
    for (let i = 0; i < 250; i++) refused(broker)
    const client = broker.accept()
    client.call(PROTOCOL_HEADER)
    expect(client.call(startOk()).map(({ id }) => id)).toEqual([wire.CONNECTION_TUNE])
  })
})

test('polite clients work on, and new ones come in, during a storm of wrong logins', async () => {
  const broker = await createBroker({ amqp: { host: '127.0.0.1' } })
  onTestFinished(() => broker.close())
  const polite = await amqplib.connect(broker.url)
  const channel = await polite.createConfirmChannel()
  await channel.assertQueue('work')
  let failures = 0
  let isOver = false
  const attackers = Array.from({ length: 300 }, async () => {
    while (!isOver) {
      await attempt(broker.amqp.port)
      failures++
    }
  })
  for (let round = 0; round < 200 || failures < 1000; round++) {
    channel.sendToQueue('work', Buffer.from(`${round}`))
    await channel.waitForConfirms()
    const message = await channel.get('work', { noAck: true })
    expect(message === false ? null : `${message.content}`).toBe(`${round}`)
    if (round % 50 === 0) await (await amqplib.connect(broker.url)).close()
  }
  isOver = true
  await polite.close()
  await broker.close()
  await Promise.all(attackers)
})

/** One wrong login, until the broker hangs up or is gone. */
async function attempt(port: number): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.on('data', () => {})
  socket.write(PROTOCOL_HEADER)
  socket.write(WRONG)
  await new Promise((resolve) => socket.once('close', resolve)) // `once` would reject for a reset
}
