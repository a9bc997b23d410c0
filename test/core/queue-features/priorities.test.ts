import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'

/** Publishes one message for each priority, with the priority as its body; null is for none. */
function publishAll(host: CoreHost, priorities: readonly (number | null)[]): void {
  for (const priority of priorities) {
    host.publish('', 'q', `${priority}`, priority === null ? {} : { priority })
  }
}

describe('a classic queue with x-max-priority', () => {
  test('hands out the highest first, those of one priority in order', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 5 })
    for (const [body, priority] of [
      ['a0', 0],
      ['b3', 3],
      ['c5', 5],
      ['d3', 3],
      ['e0', 0],
      ['f5', 5],
    ] as const) {
      host.publish('', 'q', body, { priority })
    }
    expect(host.drain('q')).toEqual(['c5', 'f5', 'b3', 'd3', 'a0', 'e0'])
  })

  test('counts none as 0 and more than the maximum as the maximum', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 2 })
    publishAll(host, [null, 0, 1, 255, 2, null])
    expect(host.drain('q')).toEqual(['255', '2', '1', 'null', '0', 'null'])
  })

  test('of 255 has 256 levels', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 255 })
    publishAll(
      host,
      Array.from({ length: 256 }, (_, i) => (i * 7) % 256),
    )
    expect(host.drain('q')).toEqual(Array.from({ length: 256 }, (_, i) => `${255 - i}`))
  })

  test('of 0 has none', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 0 })
    publishAll(host, [1, 9, 5])
    expect(host.drain('q')).toEqual(['1', '9', '5'])
  })

  test('takes back into the level it came from, at its old place', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 5 })
    host.publish('', 'q', 'low 1', { priority: 1 })
    host.publish('', 'q', 'low 2', { priority: 1 })
    const first = host.take('q')
    host.publish('', 'q', 'high', { priority: 5 })
    first.queue.requeue([first], 'nack')
    expect(host.drain('q')).toEqual(['high', 'low 1', 'low 2'])
  })

  test('counts messages and bytes over all levels', () => {
    const host = new CoreHost()
    const queue = host.queue('q', { 'x-max-priority': 5 })
    host.publish('', 'q', 'aa', { priority: 1 })
    host.publish('', 'q', 'bbb', { priority: 5 })
    expect([queue.readyCount, queue.readyBytes]).toEqual([2, 5])
    const entry = host.take('q')
    expect([queue.readyCount, queue.readyBytes]).toEqual([1, 2])
    queue.requeue([entry], 'nack')
    expect([queue.readyCount, queue.readyBytes]).toEqual([2, 5])
    expect(queue.purge()).toBe(2)
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0])
  })

  test('leaves low ones with a consumer that holds them already', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 5 })
    const consumer = host.consumer('q', { prefetch: 2 })
    publishAll(host, [1, 1, 1])
    host.settle()
    publishAll(host, [5])
    consumer.ack()
    host.settle()
    expect(consumer.bodies).toEqual(['1', '1', '5'])
  })

  test('gives an idle consumer what comes first, though a higher one follows in the same turn', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 5 })
    const consumer = host.consumer('q', { prefetch: 1 })
    publishAll(host, [1, 5])
    host.settle()
    expect(consumer.bodies).toEqual(['1'])
  })

  test('expires the first of every level at its time', () => {
    const host = new CoreHost()
    const queue = host.queue('q', { 'x-max-priority': 5 })
    host.publish('', 'q', 'eternal', { priority: 5 })
    host.publish('', 'q', 'late', { priority: 1, expiration: '100' })
    host.publish('', 'q', 'soon', { priority: 3, expiration: '10' })
    host.advance(10)
    expect(queue.readyCount).toBe(2)
    host.advance(90)
    expect(host.drain('q')).toEqual(['eternal'])
  })

  test('never delivers an expired one of a lower level', () => {
    const host = new CoreHost()
    host.queue('q', { 'x-max-priority': 5 })
    host.publish('', 'q', 'high', { priority: 5, expiration: '1000' })
    host.publish('', 'q', 'low', { priority: 0, expiration: '10' })
    host.settle()
    host.clock.skip(20)
    const consumer = host.consumer('q')
    host.settle()
    expect(consumer.bodies).toEqual(['high'])
  })
})

describe('a queue without x-max-priority', () => {
  test('pays no heed to priorities', () => {
    const host = new CoreHost()
    host.queue('q')
    publishAll(host, [1, 9, null, 5])
    expect(host.drain('q')).toEqual(['1', '9', 'null', '5'])
  })
})

describe('a quorum queue of RabbitMQ 4.3', () => {
  test('is strict in 32 priorities; none counts as 4, more than 31 as 31', () => {
    const host = new CoreHost('4.3')
    host.quorum('q')
    publishAll(host, [0, 3, null, 4, 5, 30, 31, 32, 255])
    expect(host.drain('q')).toEqual(['31', '32', '255', '30', '5', 'null', '4', '3', '0'])
  })

  test('hands out what came back before all others, whatever its priority', () => {
    const host = new CoreHost('4.3')
    host.quorum('q')
    publishAll(host, [0])
    const low = host.take('q')
    publishAll(host, [31])
    low.queue.requeue([low], 'nack')
    expect(host.drain('q')).toEqual(['0', '31'])
  })
})

describe.each(['3.13', '4.2'] as const)('a quorum queue of RabbitMQ %s', (compat) => {
  test('hands out two of priority 5 and more for each of the others', () => {
    const host = new CoreHost(compat)
    host.quorum('q')
    publishAll(host, [0, null, 4, 1, 5, 9, 255, 7, 6])
    const order = host.drain('q').map((body) => (body === 'null' || Number(body) < 5 ? '-' : '+'))
    expect(order.join('')).toBe('++-++-+--')
  })

  test('keeps the order inside a class, without regard to the priority itself', () => {
    const host = new CoreHost(compat)
    host.quorum('q')
    publishAll(host, [5, 9, 0, 4, 7, 3])
    const bodies = host.drain('q')
    expect(bodies.filter((body) => Number(body) >= 5)).toEqual(['5', '9', '7'])
    expect(bodies.filter((body) => Number(body) < 5)).toEqual(['0', '4', '3'])
  })
})
