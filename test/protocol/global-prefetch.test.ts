import { expect, test, vi } from 'vitest'
import * as wire from '../../src/wire/methods.ts'
import { Actor } from '../support/actor.ts'
import { TestBroker } from '../support/test-broker.ts'
import { ack } from '../support/test-client.ts'

/** A client whose consumers of `q` may hold so many deliveries together. */
function limited(limit: number, consumerTags: readonly string[]): Actor {
  const actor = Actor.connect(new TestBroker())
  actor.declare('q')
  prefetch(actor, limit, true)
  for (const tag of consumerTags) actor.consume('q', tag)
  return actor
}

function prefetch(actor: Actor, prefetchCount: number, global: boolean): readonly string[] {
  return actor.say({ id: wire.BASIC_QOS, prefetchSize: 0, prefetchCount, global })
}

/** The consumers that get something because of what is sent. */
function takersOf(actor: Actor, ...bytes: readonly Buffer[]): readonly string[] {
  const received = actor.client.call(...bytes)
  return received.flatMap((method) =>
    method.id === wire.BASIC_DELIVER ? [method.consumerTag] : [],
  )
}

test('consumers are looked at once when a channel at its limit settles many deliveries', () => {
  const actor = limited(50, ['a', 'b', 'c'])
  const bodies = Array.from({ length: 60 }, (_, i) => `${i}`)
  expect(actor.publishAll('q', bodies)).toHaveLength(50)
  const [channel] = actor.client.connection.channels ?? []
  const looks = vi.spyOn(channel!.consumers, 'values')
  expect(actor.ack(50, true)).toHaveLength(10)
  expect(looks).toHaveBeenCalledTimes(1)
  for (let tag = 51; tag <= 60; tag++) actor.ack(tag)
  expect(looks).toHaveBeenCalledTimes(1)
})

test('consumers go on when the channel falls below a limit that was lowered', () => {
  const actor = limited(4, ['a', 'b'])
  actor.publishAll('q', ['1', '2', '3', '4', '5'])
  prefetch(actor, 2, true)
  expect(actor.ack(1)).toEqual([])
  expect(actor.ack(2)).toEqual([])
  expect(actor.ack(3)).toHaveLength(1)
})

test('consumers at limits of their own take turns in the order in which they got room', () => {
  const actor = limited(10, [])
  prefetch(actor, 1, false)
  for (const tag of ['a', 'b', 'c']) actor.consume('q', tag)
  const message = actor.publishing('q', 'x')
  expect(takersOf(actor, message, message, message, message)).toEqual(['a', 'b', 'c'])
  expect(takersOf(actor, ack(1, 3))).toEqual(['c'])
  for (const tag of [4, 2, 1]) expect(takersOf(actor, ack(1, tag))).toEqual([])
  expect(takersOf(actor, message, message)).toEqual(['c', 'b'])
})
