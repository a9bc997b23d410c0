import { expect, test } from 'vitest'
import { numberedBody, numberOf } from '../bench/numbered-body.ts'
import { FLAWLESS, Tally } from '../bench/tally.ts'
import { consumeNumbered, publishNumbered } from '../bench/traffic.ts'
import { connectTo, startBroker } from './running-broker.ts'

const COUNT = 100_000
const BODY_SIZE = 1024

test('100,000 messages arrive once each, whole and in order', async () => {
  const broker = await startBroker()
  const publisher = await (await connectTo(broker)).createConfirmChannel()
  const consumer = await (await connectTo(broker)).createChannel()
  await publisher.assertQueue('numbers')
  const tally = new Tally(COUNT, BODY_SIZE)
  await Promise.all([
    publishNumbered(publisher, 'numbers', COUNT, BODY_SIZE),
    consumeNumbered(consumer, 'numbers', COUNT, tally),
  ])
  expect(tally.verdict).toEqual(FLAWLESS)
  await consumer.close() // what is not acknowledged would come back
  expect(await publisher.checkQueue('numbers')).toMatchObject({ messageCount: 0 })
})

test('a backlog of 20,000 messages is handed out in order', async () => {
  const count = 20_000
  const broker = await startBroker()
  const publisher = await (await connectTo(broker)).createConfirmChannel()
  const consumer = await (await connectTo(broker)).createChannel()
  await publisher.assertQueue('numbers')
  await publishNumbered(publisher, 'numbers', count, BODY_SIZE)
  expect(await publisher.checkQueue('numbers')).toMatchObject({ messageCount: count })
  const tally = new Tally(count, BODY_SIZE)
  await consumeNumbered(consumer, 'numbers', count, tally)
  expect(tally.verdict).toEqual(FLAWLESS)
})

test('a tally sees what is lost, doubled, out of place and damaged', () => {
  const tally = new Tally(6, 64)
  for (const number of [0, 1, 3, 2, 2]) tally.take(numberedBody(number, 64))
  const damaged = numberedBody(4, 64)
  damaged[63] = (damaged[63] ?? 0) ^ 1
  tally.take(damaged)
  tally.take(numberedBody(5, 65))
  expect(numberOf(damaged)).toBeNull()
  expect(tally.verdict).toEqual({ lost: 2, duplicated: 1, outOfOrder: 1, damaged: 2 })
})
