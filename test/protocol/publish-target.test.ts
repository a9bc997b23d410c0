import { expect, test } from 'vitest'
import { TopicPermissions } from '../../src/auth/permissions.ts'
import * as wire from '../../src/wire/methods.ts'
import { TestBroker } from '../support/test-broker.ts'
import { closeOk, openChannel, publish } from '../support/test-client.ts'

const TOPIC = { exchange: 'amq.topic' }

test('a topic permission holds from the next publish on, and only for its exchange', () => {
  const broker = new TestBroker()
  const { users } = broker.services
  const client = broker.connect({ channels: [1] })
  const guest = users.get('guest')!
  expect(client.call(publish(1, 'a.b', '', TOPIC))).toEqual([])
  users.setTopicPermissions(guest, '/', 'amq.topic', new TopicPermissions('^a', ''))
  expect(client.call(publish(1, 'a.b', '', TOPIC))).toEqual([])
  expect(client.call(publish(1, 'b.a', '', { exchange: 'amq.fanout' }))).toEqual([])
  expect(client.call(publish(1, 'b.a', '', TOPIC))).toMatchObject([
    { id: wire.CHANNEL_CLOSE, replyCode: 403 },
  ])
  client.call(closeOk(1), openChannel(1))
  users.setTopicPermissions(guest, '/', 'amq.topic', null)
  expect(client.call(publish(1, 'b.a', '', TOPIC))).toEqual([])
})
