import { describe, expect, test } from 'vitest'
import { CoreHost, newPublished } from '../support/core-host.ts'
import { shortTurns } from '../support/short-turns.ts'

describe('a queue that goes while it still has messages to give up', () => {
  test('gets nothing by the way that they went', () => {
    const { host, leave } = givingUp()
    expect(routeOf(host)).toEqual(['q', 'also'])
    leave()
    expect(host.has('q')).toBe(false)
    expect(routeOf(host)).toEqual(['also'])
    host.turn.finish()
    expect(routeOf(host)).toEqual(['also'])
    expect(host.drain('also')).toHaveLength(999) // all but the one that the consumer holds
  })
})

/**
 * `q` and `also` are bound to `x`, which gets the dead letters of `q`; a policy leaves `q` nothing, but most of that is
 * left for later turns. It goes when `leave` takes its only consumer away.
 */
function givingUp() {
  const host = new CoreHost('4.2', undefined, undefined, shortTurns())
  host.exchange('x', 'direct')
  host.queue('q', { 'x-dead-letter-exchange': 'x' }, { autoDelete: true })
  host.queue('also')
  for (const name of ['q', 'also']) host.bind('x', name, 'k')
  const consumer = host.consumer('q', { prefetch: 1 })
  for (let i = 0; i < 1000; i++) host.publish('', 'q', `${i}`)
  host.policy('p', { 'max-length': 0, 'dead-letter-routing-key': 'k' }, { pattern: '^q$' })
  expect(host.find('q').ready.length).toBeGreaterThan(0)
  return { host, leave: () => host.find('q').unsubscribe(consumer) }
}

function routeOf(host: CoreHost): string[] {
  const message = newPublished('x', 'k', '', {})
  return host.vhost.route(host.vhost.exchanges.get('x'), message).queues.map(({ name }) => name)
}
