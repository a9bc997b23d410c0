/**
 * Runs a hundred brokers, one after the other, each with a client that publishes and consumes. Prints what is open
 * before and after as JSON lines, and must then exit by itself: nothing here ends the process.
 */
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import amqplib, { type ChannelModel } from 'amqplib'
import { createBroker } from '../../../src/index.ts'

const ROUNDS = 100

async function playRound(round: number): Promise<string> {
  const broker = await createBroker({ heartbeatSeconds: 60 })
  const connection = await amqplib.connect(broker.url, { noDelay: true })
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue('q')
  const body = new Promise<string>((resolve) => {
    void channel.consume('q', (message) => {
      if (message === null) return
      channel.ack(message)
      resolve(message.content.toString())
    })
  })
  channel.sendToQueue('q', Buffer.from(`${round}`))
  await channel.waitForConfirms()
  const received = await body
  const gone = once(socketOf(connection), 'close')
  if (round % 2 === 0) await connection.close() // otherwise the broker does
  await broker.close()
  await gone
  return received
}

function socketOf({ connection }: ChannelModel): Socket {
  if ('stream' in connection && connection.stream instanceof Socket) return connection.stream
  throw new Error('amqplib keeps its socket elsewhere')
}

async function openNow(): Promise<readonly string[]> {
  for (let turn = 0; turn < 2; turn++) await setImmediate() // what is closed goes with the end of the turn
  return process.getActiveResourcesInfo().sort()
}

const before = await openNow()
let rounds = 0
for (let round = 0; round < ROUNDS; round++) {
  if ((await playRound(round)) === `${round}`) rounds++
}
console.log(JSON.stringify({ rounds, before, after: await openNow() }))
