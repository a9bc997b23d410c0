import { describe, expect, test } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { Actor } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'
import { close } from '../support/test-client.ts'

const SINGLE = { 'x-single-active-consumer': true }

/** Limits what consumers started from now on may hold. */
function prefetch(actor: Actor, prefetchCount: number): void {
  actor.say({ id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount, global: false })
}

describe.each([
  ['classic', {}],
  ['quorum', { 'x-queue-type': 'quorum' }],
])('the next single active consumer of a %s queue', (_type, type) => {
  function pair(): { first: Actor; second: Actor } {
    const broker = new TestBroker()
    const first = Actor.connect(broker)
    first.declare('q', { ...SINGLE, ...type })
    prefetch(first, 2)
    return { first, second: Actor.connect(broker) }
  }

  const ALL = ['basic.deliver 1 again 1', 'basic.deliver 2 again 2', 'basic.deliver 3 3']

  test('gets what the channel of the one before it held first, then the rest', () => {
    const { first, second } = pair()
    first.consume('q', 'a')
    second.consume('q', 'b')
    first.publishAll('q', ['1', '2', '3'])
    first.client.send(close(1))
    expect(second.hear()).toEqual(ALL)
  })

  test('does so too when the channel had another consumer behind it', () => {
    const { first, second } = pair()
    first.consume('q', 'a')
    second.consume('q', 'b')
    first.consume('q', 'c')
    first.publishAll('q', ['1', '2', '3'])
    first.client.send(close(1))
    expect(second.hear()).toEqual(ALL)
  })

  test('does so too when the connection is lost', () => {
    const { first, second } = pair()
    first.consume('q', 'a')
    second.consume('q', 'b')
    first.publishAll('q', ['1', '2', '3'])
    first.client.drop()
    second.client.send()
    expect(second.hear()).toEqual(ALL)
  })
})
