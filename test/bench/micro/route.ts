import { Routing } from '../../../src/core/routing.ts'
import { newMessage } from '../../support/messages.ts'
import { TestVhost } from '../../support/test-vhost.ts'
import { topicKey, topicPattern } from '../load/topology.ts'
import type { Subject } from './subject.ts'

const BINDINGS = 1000

/** Exchange and routing key to queues: remembered, and found anew. */
export function routeSubjects(): readonly Subject[] {
  const host = new TestVhost()
  for (let i = 0; i < 10; i++) host.queue(`queue-${i}`)
  host.exchange('direct', 'direct')
  host.exchange('fanout', 'fanout')
  host.exchange('topic', 'topic')
  for (let i = 0; i < 10; i++) {
    host.bindQueue('direct', `queue-${i}`, `key-${i}`)
    host.bindQueue('fanout', `queue-${i}`)
  }
  for (let i = 0; i < BINDINGS; i++) host.bindQueue('topic', `queue-${i % 10}`, topicPattern(i))
  const ten = Array.from({ length: 10 }, (_, i) => `key-${i}`)
  const many = Array.from({ length: BINDINGS }, (_, i) => topicKey(i))
  return [
    ...pair(host, 'direct', 'direct, 10 bindings', ten),
    ...pair(host, 'fanout', 'fanout, 10 bindings', ten),
    ...pair(host, 'topic', 'topic, 1,000 bindings', many),
  ]
}

function pair(
  { vhost }: TestVhost,
  exchangeName: string,
  text: string,
  keys: readonly string[],
): readonly Subject[] {
  const exchange = vhost.exchanges.get(exchangeName)
  const messages = keys.map((routingKey) => newMessage({ exchange: exchangeName, routingKey }))
  const routing = new Routing(vhost.exchanges)
  const subject = (
    how: string,
    route: (message: (typeof messages)[number]) => number,
  ): Subject => ({
    name: `route: ${text}, ${how}`,
    run(count) {
      let found = 0
      for (let i = 0; i < count; i++) found += route(messages[i % messages.length]!)
      if (found < count) throw new Error('a message found no queue')
      return count
    },
  })
  return [
    subject('remembered', (message) => vhost.route(exchange, message).queues.length),
    subject('found anew', (message) => routing.walk(exchange, message).queues.length),
  ]
}
