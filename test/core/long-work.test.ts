import { describe, expect, test } from 'vitest'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { BacklogStore } from '../support/backlog-store.ts'
import { bodyOf, CoreHost } from '../support/core-host.ts'
import { restarted } from '../support/restarted-host.ts'
import { shortTurns } from '../support/short-turns.ts'
import { tableOf } from '../support/tables.ts'

const COUNT = 1000
const BODIES = Array.from({ length: COUNT }, (_, i) => `${i}`)
const PERSISTENT = { deliveryMode: 2 }
const DEAD_LETTERED = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }

describe('a purge', () => {
  test('tells how many there were, and leaves what comes behind it', () => {
    const host = start()
    host.queue('q')
    host.send('q', BODIES)
    expect(host.find('q').purge()).toBe(COUNT)
    host.send('q', ['new'])
    expect(host.find('q').readyCount).toBe(1)
    host.turn.finish()
    expect(host.drain('q')).toEqual(['new'])
  })

  test('is complete after a restart as soon as it has been recorded', () => {
    const host = start()
    host.queue('q')
    host.send('q', BODIES, PERSISTENT)
    host.find('q').requeue([host.take('q')], 'nack')
    host.take('q')
    host.find('q').purge()
    host.send('q', ['new'], PERSISTENT)
    const { host: again } = restarted(host, { isClean: false })
    expect(again.drain('q')).toEqual(['0', 'new'])
  })

  test('takes messages that had come back with it', () => {
    const host = start()
    host.queue('q')
    host.send('q', BODIES, PERSISTENT)
    const held = BODIES.map(() => host.take('q'))
    host.find('q').requeue(held, 'nack')
    expect(host.find('q').purge()).toBe(COUNT)
    host.turn.finish()
    const { host: again } = restarted(host)
    expect(again.find('q').readyCount).toBe(0)
  })

  test('lets a message come at once that is like one of those purged', () => {
    const host = start()
    host.queue('q', { 'x-message-deduplication': true })
    const like = (id: string) => ({ headers: new Map([['x-deduplication-header', text(id)]]) })
    for (const id of BODIES) host.publish('', 'q', id, like(id))
    expect(host.find('q').purge()).toBe(COUNT)
    host.publish('', 'q', 'again', like('999'))
    expect(host.drain('q')).toEqual(['again'])
  })
})

describe('delayed messages of which many are due at once', () => {
  test('come over turns, in their order, and what is due later comes behind them', () => {
    const { host, count } = delaying()
    for (const body of BODIES) publish(host, body, 10)
    host.clock.advance(10)
    expect(count()).toBeGreaterThan(COUNT / 2)
    publish(host, 'later', 1)
    host.clock.advance(1)
    expect(count()).toBeGreaterThan(COUNT / 2)
    host.turn.finish()
    expect(host.drain('q')).toEqual([...BODIES, 'later'])
    expect([count(), host.clock.timerCount]).toEqual([0, 0])
  })

  test('are settled as they come, and go with their exchange in between', () => {
    const { host, count } = delaying()
    for (const body of BODIES) publish(host, body, 10)
    host.clock.advance(10)
    const left = count()
    expect(left).toBeGreaterThan(COUNT / 2)
    expect(restarted(host).host.vhost.exchanges.get('x').delayedCount).toBe(left)
    host.vhost.deleteExchange('x', false)
    host.turn.finish()
    expect(host.drain('q')).toEqual(BODIES.slice(0, COUNT - left))
  })

  function delaying() {
    const host = start()
    const exchange = host.exchange('x', 'x-delayed-message', { 'x-delayed-type': 'fanout' }, true)
    host.queue('q')
    host.bind('x', 'q')
    return { host, count: () => exchange.delayedCount }
  }

  function publish(host: CoreHost, body: string, delayMs: number): void {
    host.publish('x', '', body, { ...PERSISTENT, headers: tableOf({ 'x-delay': delayMs }) })
  }
})

describe('expiry of many at once', () => {
  test('goes on over turns, in order, and nothing is handed out before it is done', () => {
    const host = expired()
    const consumer = host.consumer('q')
    host.settle()
    const first = host.find('dead').readyCount
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(COUNT)
    expect(consumer.held).toEqual([])
    host.turn.finish()
    expect(host.drain('dead')).toEqual(BODIES)
    expect(consumer.held.map(bodyOf)).toEqual(['alive'])
  })

  test('goes on over turns when the first of them is noticed by its timer', () => {
    const host = start()
    host.queue('dead')
    host.queue('q', DEAD_LETTERED)
    host.send('q', ['first'], { expiration: '20' })
    host.send('q', BODIES, { expiration: '10' })
    host.advance(20)
    const first = host.find('dead').readyCount
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(COUNT)
    host.turn.finish()
    expect(host.drain('dead')).toEqual(['first', ...BODIES])
  })

  test('is finished before a message is fetched, and dead letters follow over turns', () => {
    const host = expired()
    host.settle()
    expect(host.drain('q')).toEqual(['alive'])
    expect(host.find('dead').readyCount).toBeLessThan(COUNT)
    host.turn.finish()
    expect(host.drain('dead')).toEqual(BODIES)
  })

  test('is finished before the queue is purged or deleted, and dead letters follow', () => {
    for (const end of ['purge', 'delete'] as const) {
      const host = expired()
      host.settle()
      const count =
        end === 'purge'
          ? host.find('q').purge()
          : host.vhost.deleteQueue('q', false, false, host.user)
      expect(count).toBe(1)
      expect(host.find('dead').readyCount).toBeLessThan(COUNT)
      host.turn.finish()
      expect(host.drain('dead')).toEqual(BODIES)
    }
  })

  test('gets on with every message that is published in the same turn', () => {
    const host = expired()
    host.settle()
    const before = host.find('dead').readyCount
    for (let i = 0; i < COUNT / 2; i++) host.send('q', ['more'])
    expect(host.find('dead').readyCount).toBeGreaterThanOrEqual(before + COUNT / 2)
    host.turn.finish()
    expect(host.drain('dead')).toEqual(BODIES)
    expect(host.drain('q')).toEqual(['alive', ...Array(COUNT / 2).fill('more')])
  })
})

describe('a limit that comes upon many messages', () => {
  test('drops the oldest over turns, and nobody gets one of them', () => {
    const host = start()
    host.queue('dead')
    host.queue('q', DEAD_LETTERED)
    host.send('q', BODIES)
    host.policy('short', { 'max-length': 10 }, { pattern: '^q$' })
    expect(host.find('dead').readyCount).toBeLessThan(COUNT - 10)
    const consumer = host.consumer('q')
    host.settle()
    expect(consumer.held).toEqual([])
    host.turn.finish()
    expect(consumer.held.map(bodyOf)).toEqual(BODIES.slice(-10))
    expect(host.drain('dead')).toEqual(BODIES.slice(0, -10))
  })

  test('has dropped what is too many before a message is fetched; dead letters follow', () => {
    const host = start()
    host.queue('dead')
    host.queue('q', DEAD_LETTERED)
    host.send('q', BODIES)
    host.policy('short', { 'max-length': 10 }, { pattern: '^q$' })
    expect(bodyOf(host.take('q'))).toBe(`${COUNT - 10}`)
    expect(host.find('q').readyCount).toBe(9)
    expect(host.find('dead').readyCount).toBeLessThan(COUNT - 10)
    host.turn.finish()
    expect(host.drain('dead')).toEqual(BODIES.slice(0, -10))
  })

  test('lets the rest stay when it is lifted before all are dropped', () => {
    const host = start()
    host.queue('q')
    host.send('q', BODIES)
    host.policy('short', { 'max-length': 10 })
    host.vhost.deletePolicy('short', false)
    host.turn.finish()
    const left = host.drain('q')
    expect(left.length).toBeGreaterThan(10)
    expect(left).toEqual(BODIES.slice(-left.length))
  })
})

describe('many messages that come back', () => {
  test('are all ready at once to who counts them, and handed out when all are back', () => {
    const { host, held } = holding()
    host.find('q').requeue(held, 'lost')
    expect([host.find('q').readyCount, host.find('q').unackedCount]).toEqual([COUNT, 0])
    const consumer = host.consumer('q')
    host.settle()
    expect(consumer.held).toEqual([])
    host.send('q', ['new'])
    host.turn.finish()
    expect(consumer.held.map(bodyOf)).toEqual([...BODIES, 'new'])
    expect(consumer.held.map(({ redelivered }) => redelivered).slice(-2)).toEqual([true, false])
  })

  test('come back in order when one is fetched before all are back', () => {
    const { host, held } = holding()
    host.find('q').requeue(held.slice(500), 'lost')
    host.find('q').requeue(held.slice(0, 500), 'lost')
    host.settle()
    expect(host.drain('q')).toEqual(BODIES)
  })

  test('are gone with their queue', () => {
    const { host, held } = holding()
    host.find('q').requeue(held, 'lost')
    host.vhost.deleteQueue('q', false, false, host.user)
    host.turn.finish()
    expect(host.has('q')).toBe(false)
  })
})

describe('many dead letters at once', () => {
  test('are published over turns in their order, those that come later behind them', () => {
    const { host, held } = holding()
    const { deadLetters } = host.vhost
    deadLetters.hold()
    for (const entry of held) host.find('q').reject(entry, 'reject')
    deadLetters.release()
    const first = host.find('dead').readyCount
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(COUNT)
    host.send('q', ['later'])
    host.find('q').reject(host.take('q'), 'reject')
    host.turn.finish()
    expect(host.drain('dead')).toEqual([...BODIES, 'later'])
  })
})

function start(): CoreHost {
  return new CoreHost('4.2', new BacklogStore(), new ReadyMemory(), shortTurns())
}

/** A queue with many expired messages before one that is not. */
function expired(): CoreHost {
  const host = start()
  host.queue('dead')
  host.queue('q', DEAD_LETTERED)
  host.send('q', BODIES, { expiration: '10' })
  host.send('q', ['alive'])
  host.clock.skip(10)
  host.turn.addDispatch(host.find('q'))
  return host
}

function holding() {
  const host = start()
  host.queue('dead')
  host.queue('q', DEAD_LETTERED)
  host.send('q', BODIES)
  return { host, held: BODIES.map(() => host.take('q')) }
}

function text(value: string) {
  return { type: 'longstr', value: Buffer.from(value) } as const
}
