import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'

const IN_USE = "access-refused: queue 'q' in vhost '/' in exclusive use"

describe.each([
  ['classic', {}],
  ['quorum', { 'x-queue-type': 'quorum' }],
])('consumers of a %s queue by x-priority', (_type, args) => {
  test('the highest gets everything while it can take more', () => {
    const host = new CoreHost()
    host.queue('q', args)
    const [low, high] = [
      host.consumer('q', { priority: -5 }),
      host.consumer('q', { priority: 10, prefetch: 2 }),
    ]
    host.send('q', ['1', '2', '3'])
    host.settle()
    expect([low.bodies, high.bodies]).toEqual([['3'], ['1', '2']])
    high.ack()
    host.send('q', ['4', '5'])
    host.settle()
    expect([low.bodies, high.bodies]).toEqual([
      ['3', '5'],
      ['1', '2', '4'],
    ])
  })

  test('take turns within one priority, and leave out who is at its limit', () => {
    const host = new CoreHost()
    host.queue('q', args)
    const consumers = [0, 1, 0].map((prefetch) => host.consumer('q', { prefetch, priority: 1 }))
    host.consumer('q', { priority: 0 })
    host.send('q', ['1', '2', '3', '4', '5'])
    host.settle()
    expect(consumers.map(({ bodies }) => bodies)).toEqual([['1', '4'], ['2'], ['3', '5']])
  })

  test('without one have 0, above negative ones', () => {
    const host = new CoreHost()
    host.queue('q', args)
    const [negative, plain] = [host.consumer('q', { priority: -1 }), host.consumer('q')]
    host.send('q', ['1', '2'])
    host.settle()
    expect([negative.bodies, plain.bodies]).toEqual([[], ['1', '2']])
  })
})

describe('an exclusive consumer of a classic queue', () => {
  test('keeps others out until it goes', () => {
    const host = new CoreHost()
    host.queue('q')
    const alone = host.consumer('q', { exclusive: true })
    expect(refusalOf(() => host.consumer('q'))).toBe(IN_USE)
    expect(refusalOf(() => host.consumer('q', { exclusive: true }))).toBe(IN_USE)
    alone.cancel()
    expect(refusalOf(() => host.consumer('q'))).toBeNull()
  })

  test('is kept out by any other', () => {
    const host = new CoreHost()
    host.queue('q')
    const first = host.consumer('q')
    expect(refusalOf(() => host.consumer('q', { exclusive: true }))).toBe(IN_USE)
    first.cancel()
    expect(refusalOf(() => host.consumer('q', { exclusive: true }))).toBeNull()
  })

  test('does not keep basic.get out', () => {
    const host = new CoreHost()
    host.queue('q')
    const alone = host.consumer('q', { exclusive: true, prefetch: 1 })
    host.send('q', ['1', '2'])
    expect(host.drain('q')).toEqual(['2'])
    expect(alone.bodies).toEqual(['1'])
  })
})
