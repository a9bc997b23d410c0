import { expect, test } from 'vitest'
import { TestVhost } from '../../support/test-vhost.ts'
import { SCENARIOS } from '../scenarios.ts'
import { bindingsOf, namesOf, topicKey, topicPattern } from './topology.ts'

test('each topic routing key matches the pattern of its number and no other', () => {
  const host = new TestVhost()
  host.exchange('topic', 'topic')
  const count = 1000
  for (let i = 0; i < count; i++) {
    host.queue(`${i}`)
    host.bindQueue('topic', `${i}`, topicPattern(i))
  }
  for (let i = 0; i < count; i++) expect(host.route('topic', topicKey(i))).toEqual([`${i}`])
})

test.each(SCENARIOS.flatMap((scenario) => (scenario.kind === 'traffic' ? [scenario] : [])))(
  'every message of $name reaches a queue that somebody consumes',
  (scenario) => {
    const host = new TestVhost()
    const topology = namesOf(scenario, '0000')
    if (topology.exchange !== '') host.exchange(topology.exchange, scenario.exchange)
    for (const queue of topology.queues) host.queue(queue)
    for (const { queue, routingKey } of bindingsOf(scenario, topology)) {
      host.bindQueue(topology.exchange, queue, routingKey)
    }
    const copies = scenario.exchange === 'fanout' ? scenario.queues : 1
    for (let publisher = 0; publisher < scenario.publishers; publisher++) {
      for (const key of topology.routingKeysOf(publisher)) {
        expect(host.route(topology.exchange, key).length).toBe(copies)
      }
    }
    expect(scenario.consumers).toBeGreaterThanOrEqual(scenario.queues)
  },
)
