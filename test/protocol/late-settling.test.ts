import { expect, test } from 'vitest'
import { COMPATS } from '../../src/common/compat.ts'
import { longstr } from '../../src/common/table.ts'
import * as wire from '../../src/wire/methods.ts'
import { encodeMethod } from '../support/encode-method.ts'
import { TestBroker } from '../support/test-broker.ts'
import { ack, consume, declareQueue, publish } from '../support/test-client.ts'

test('a delivery settled in a transaction that is rolled back can be late', () => {
  const broker = new TestBroker({ consumerTimeoutMs: 1000 })
  const client = broker.connect({ channels: [1] })
  client.call(declareQueue(1, 'q'), consume(1, 'q', 'c', false), publish(1, 'q', 'm'))
  client.call(encodeMethod(1, { id: wire.TX_SELECT }), ack(1, 1))
  broker.advance(5000)
  const rollback = encodeMethod(1, { id: wire.TX_ROLLBACK })
  expect(client.call(rollback).map(({ id }) => id)).toEqual([wire.TX_ROLLBACK_OK])
  broker.advance(0)
  expect(client.receive()).toMatchObject([{ id: wire.CHANNEL_CLOSE, replyCode: 406 }])
})

test.each([0, 3])('late tags are forgotten when all up to %i is settled', (tag) => {
  const broker = new TestBroker({ consumerTimeoutMs: 1000, compat: COMPATS['4.3'] })
  const client = broker.connect({ channels: [1], capabilities: ['consumer_cancel_notify'] })
  const quorum = new Map([['x-queue-type', longstr('quorum')]])
  client.call(declareQueue(1, 'q', { durable: true, arguments: quorum }))
  client.call(consume(1, 'q', 'slow', false), publish(1, 'q', 'm'), publish(1, 'q', 'm'))
  broker.advance(1000)
  client.call(consume(1, 'q', 'next', false))
  expect(client.call(ack(1, tag, true))).toEqual([])
  expect(client.call(ack(1, 1))).toMatchObject([{ id: wire.CHANNEL_CLOSE, replyCode: 406 }])
})
