import { describe, expect, test } from 'vitest'
import { CoreHost } from '../../support/core-host.ts'
import { refusalOf } from '../../support/refusal-of.ts'

const SINGLE = { 'x-single-active-consumer': true }

describe.each([
  ['classic', {}],
  ['quorum', { 'x-queue-type': 'quorum' }],
] as const)('a single active consumer of a %s queue', (_type, args) => {
  function host(): CoreHost {
    const there = new CoreHost()
    there.queue('q', { ...SINGLE, ...args })
    return there
  }

  test('gets everything, the others nothing', () => {
    const there = host()
    const [first, second] = [there.consumer('q'), there.consumer('q')]
    there.send('q', ['1', '2', '3'])
    there.settle()
    expect(first.bodies).toEqual(['1', '2', '3'])
    expect(second.bodies).toEqual([])
    expect(there.find('q').subscribers.isActive(first)).toBe(true)
    expect(there.find('q').subscribers.isActive(second)).toBe(false)
  })

  test('at its limit leaves the rest in the queue', () => {
    const there = host()
    const [first, second] = [there.consumer('q', { prefetch: 1 }), there.consumer('q')]
    there.send('q', ['1', '2'])
    there.settle()
    expect([first.bodies, second.bodies]).toEqual([['1'], []])
    first.ack()
    there.settle()
    expect([first.bodies, second.bodies]).toEqual([['1', '2'], []])
  })

  test('is followed by the next at once, though it has not acknowledged', () => {
    const there = host()
    const consumers = [
      there.consumer('q', { prefetch: 1 }),
      there.consumer('q'),
      there.consumer('q'),
    ]
    there.send('q', ['1', '2'])
    there.settle()
    consumers[0]?.cancel()
    there.settle()
    expect(consumers.map(({ bodies }) => bodies)).toEqual([['1'], ['2'], []])
  })

  test('goes on when one that waits goes', () => {
    const there = host()
    const [first, second, third] = [there.consumer('q'), there.consumer('q'), there.consumer('q')]
    second.cancel()
    there.send('q', ['1'])
    there.settle()
    first.cancel()
    there.send('q', ['2'])
    there.settle()
    expect([first.bodies, second.bodies, third.bodies]).toEqual([['1'], [], ['2']])
  })

  test('gets back what another one left', () => {
    const there = host()
    const [first, second] = [there.consumer('q'), there.consumer('q')]
    there.send('q', ['1', '2'])
    there.settle()
    first.cancel()
    first.requeue('1', 'lost')
    first.requeue('2', 'lost')
    there.settle()
    expect(second.bodies).toEqual(['1', '2'])
  })

  test('may come after all others have gone', () => {
    const there = host()
    there.consumer('q').cancel()
    const late = there.consumer('q')
    there.send('q', ['1'])
    there.settle()
    expect(late.bodies).toEqual(['1'])
  })
})

describe('a later consumer of higher priority', () => {
  test('waits on a classic queue until the active one goes, then comes before the others', () => {
    const host = new CoreHost()
    host.queue('q', SINGLE)
    const consumers = [0, 1, 9, 9].map((priority) => host.consumer('q', { priority }))
    for (const body of ['a', 'b', 'c', 'd']) {
      host.publish('', 'q', body)
      host.settle()
      const active = consumers.find((one) => host.find('q').subscribers.isActive(one))
      active?.cancel()
    }
    expect(consumers.map(({ bodies }) => bodies)).toEqual([['a'], ['d'], ['b'], ['c']])
  })

  test('takes over a quorum queue at once when nothing is in flight', () => {
    const host = new CoreHost()
    host.quorum('q', SINGLE)
    const first = host.consumer('q')
    const second = host.consumer('q', { priority: 1 })
    host.send('q', ['1'])
    host.settle()
    expect([first.bodies, second.bodies]).toEqual([[], ['1']])
  })

  test('takes over a quorum queue after the last acknowledgement', () => {
    const host = new CoreHost()
    host.quorum('q', SINGLE)
    const first = host.consumer('q', { prefetch: 2 })
    host.send('q', ['1', '2', '3', '4'])
    host.settle()
    const second = host.consumer('q', { priority: 1 })
    host.settle()
    first.ack()
    host.settle()
    expect([first.bodies, second.bodies]).toEqual([['1', '2'], []])
    first.ack()
    host.settle()
    expect([first.bodies, second.bodies]).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  test('takes over a quorum queue from one without a limit', () => {
    const host = new CoreHost()
    host.quorum('q', SINGLE)
    const first = host.consumer('q')
    host.send('q', ['1'])
    host.settle()
    const second = host.consumer('q', { priority: 1 })
    host.send('q', ['2'])
    host.settle()
    expect([first.bodies, second.bodies]).toEqual([['1'], []])
    first.ack()
    host.settle()
    expect([first.bodies, second.bodies]).toEqual([['1'], ['2']])
  })

  test('follows on a quorum queue before others of lower priority', () => {
    const host = new CoreHost()
    host.quorum('q', SINGLE)
    const consumers = [3, 1, 2, 2].map((priority) => host.consumer('q', { priority }))
    for (const body of ['a', 'b', 'c', 'd']) {
      host.publish('', 'q', body)
      host.settle()
      const active = consumers.find((one) => host.find('q').subscribers.isActive(one))
      active?.ack()
      active?.cancel()
    }
    expect(consumers.map(({ bodies }) => bodies)).toEqual([['a'], ['d'], ['b'], ['c']])
  })
})

test('an exclusive consumer is refused by a classic queue with a single active one', () => {
  const host = new CoreHost()
  host.queue('q', SINGLE)
  expect(refusalOf(() => host.consumer('q', { exclusive: true }))).toBe(
    "access-refused: queue 'q' in vhost '/' in exclusive use",
  )
})

test('x-single-active-consumer false asks for nothing', () => {
  const host = new CoreHost()
  host.queue('q', { 'x-single-active-consumer': false })
  const consumers = [host.consumer('q'), host.consumer('q')]
  host.send('q', ['1', '2'])
  host.settle()
  expect(consumers.map(({ bodies }) => bodies)).toEqual([['1'], ['2']])
})
