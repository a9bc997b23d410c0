import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunQueue } from '../../src/common/run-queue.ts'
import { REJECTED } from '../../src/core/vhost.ts'
import { type ConfirmSender, Confirms } from '../../src/protocol/confirms.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { DelayedStore } from '../support/delayed-store.ts'
import { newMessage } from '../support/messages.ts'
import { TestHolder } from '../support/test-holder.ts'

describe('a publish', () => {
  test('with nothing to wait for is confirmed at the end of the turn, not before', () => {
    const { confirms, turn, acks } = start()
    confirms.expect(0)
    expect(acks).toEqual([])
    turn.runAll()
    expect(acks).toEqual(['1'])
  })

  test('that is stored is confirmed when it is durable, not before', () => {
    const { confirms, turn, acks, store, append } = start()
    confirms.expect(append())
    turn.runAll()
    expect(acks).toEqual([])
    store.sync()
    turn.runAll()
    expect(acks).toEqual(['1'])
  })

  test('waits for those before it, though it has nothing to wait for itself', () => {
    const { confirms, turn, acks, store, append } = start()
    confirms.expect(append())
    confirms.expect(0)
    turn.runAll()
    expect(acks).toEqual([])
    store.sync()
    turn.runAll()
    expect(acks).toEqual(['2 and before'])
  })

  test('that became durable before it was counted is confirmed at once', () => {
    const { confirms, turn, acks, store, append } = start()
    const position = append()
    store.sync()
    confirms.expect(position)
    turn.runAll()
    expect(acks).toEqual(['1'])
  })
})

describe('a publish that a queue rejected', () => {
  test('is nacked at once, and alone, behind the acks of those before it', () => {
    const { confirms, turn, acks } = start()
    for (const position of [0, 0, REJECTED, REJECTED]) confirms.expect(position)
    expect(acks).toEqual(['2 and before', 'nack 3', 'nack 4'])
    confirms.expect(0)
    turn.runAll()
    expect(acks.slice(3)).toEqual(['5'])
  })

  test('waits for those before it', () => {
    const { confirms, turn, acks, store, append } = start()
    confirms.expect(append())
    confirms.expect(REJECTED)
    confirms.expect(0)
    turn.runAll()
    expect(acks).toEqual([])
    store.sync()
    turn.runAll()
    expect(acks).toEqual(['1', 'nack 2', '3'])
  })
})

describe('the publishes of a turn', () => {
  test('are confirmed together', () => {
    const { confirms, turn, acks } = start()
    for (let i = 0; i < 3; i++) confirms.expect(0)
    turn.runAll()
    confirms.expect(0)
    turn.runAll()
    expect(acks).toEqual(['3 and before', '4'])
  })

  test('are confirmed as far as the store has come', () => {
    const { confirms, turn, acks, store, append } = start()
    const positions = [append(), append(), append()]
    for (const position of positions) confirms.expect(position)
    store.sync(positions[1])
    turn.runAll()
    store.sync()
    turn.runAll()
    expect(acks).toEqual(['2 and before', '3'])
  })

  test('are not confirmed twice', () => {
    const { confirms, turn, acks, store, append } = start()
    confirms.expect(append())
    store.sync()
    turn.runAll()
    append()
    store.sync()
    turn.runAll()
    confirms.run()
    expect(acks).toEqual(['1'])
  })
})

test('a memory store confirms at the end of every turn', () => {
  const store = new MemoryStore()
  const { confirms, turn, acks } = start(store)
  const holder = new TestHolder(store)
  for (let i = 0; i < 2; i++) confirms.expect(store.append(newMessage(), [holder]))
  turn.runAll()
  expect(acks).toEqual(['2 and before'])
})

test('every publish is answered once, in order, and none before it and all before it are durable', () => {
  const operations = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('publish stored' as const) },
      { weight: 2, arbitrary: fc.constant('publish' as const) },
      { weight: 1, arbitrary: fc.constant('publish in vain' as const) },
      { weight: 2, arbitrary: fc.constant('other change' as const) },
      { weight: 3, arbitrary: fc.nat(6) },
      { weight: 3, arbitrary: fc.constant('end turn' as const) },
    ),
    { maxLength: 60, size: 'max' },
  )
  fc.assert(
    fc.property(operations, (list) => {
      const store = new DelayedStore()
      const published: number[] = []
      let confirmed = 0
      const turn = new RunQueue(() => {})
      const confirms = new Confirms(turn, store, {
        sendAck: (tag, multiple) => {
          expect(multiple).toBe(tag > confirmed + 1)
          expect(tag).toBeGreaterThan(confirmed)
          expect(published.slice(confirmed, tag)).not.toContain(REJECTED)
          expect(Math.max(0, ...published.slice(0, tag))).toBeLessThanOrEqual(store.durable)
          confirmed = tag
        },
        sendNack: (tag) => {
          expect(tag).toBe(confirmed + 1)
          expect(published[tag - 1]).toBe(REJECTED)
          expect(Math.max(0, ...published.slice(0, tag))).toBeLessThanOrEqual(store.durable)
          confirmed = tag
        },
      })
      const holder = new TestHolder(store)
      const append = () => store.append(newMessage(), [holder])
      const positionOf = {
        'publish stored': append,
        publish: () => 0,
        'publish in vain': () => REJECTED,
      }
      for (const operation of list) {
        if (operation === 'end turn') turn.runAll()
        else if (operation === 'other change') append()
        else if (typeof operation === 'number') store.sync(store.durable + operation)
        else {
          published.push(positionOf[operation]())
          confirms.expect(published.at(-1)!)
        }
      }
      store.sync()
      turn.runAll()
      expect(confirmed).toBe(published.length)
    }),
    { numRuns: 300 },
  )
})

function start(store: DelayedStore | MemoryStore = new DelayedStore()) {
  const turn = new RunQueue(() => {})
  const acks: string[] = []
  const sender: ConfirmSender = {
    sendAck: (tag, multiple) => void acks.push(multiple ? `${tag} and before` : `${tag}`),
    sendNack: (tag) => void acks.push(`nack ${tag}`),
  }
  const confirms = new Confirms(turn, store, sender)
  const delayed = store instanceof DelayedStore ? store : new DelayedStore()
  const holder = new TestHolder(delayed)
  const append = () => delayed.append(newMessage({ isPersistent: true }), [holder])
  return { turn, acks, confirms, store: delayed, append }
}
