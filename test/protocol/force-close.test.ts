import { expect, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { longstr } from '../../src/common/table.ts'
import { readHeaders } from '../../src/wire/properties.ts'
import { TestBroker } from '../support/test-broker.ts'
import { consume, declareQueue, publish } from '../support/test-client.ts'

test('of connections closed together none gets what another gives back', () => {
  const broker = new TestBroker()
  const clients = Array.from({ length: 30 }, () => broker.connect({ channels: [1] }))
  const [first, ...others] = clients
  const quorum = new Map([['x-queue-type', longstr('quorum')]])
  first?.call(declareQueue(1, 'q', { durable: true, arguments: quorum }))
  first?.call(consume(1, 'q', 'c', false), publish(1, 'q', 'm'))
  for (const client of others) client.call(consume(1, 'q', 'c', false))
  new Administration(broker.services).closeAllConnections('enough')
  broker.settle()
  const [, delivery] = broker.connect({ channels: [1] }).call(consume(1, 'q', 'c', false))
  const headers = readHeaders(delivery?.properties ?? Buffer.alloc(2))
  expect(headers.get('x-delivery-count')).toEqual({ type: 'long', value: 1n })
})
