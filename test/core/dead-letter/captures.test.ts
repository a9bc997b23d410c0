import { describe, expect, test } from 'vitest'
import { withoutTimes } from '../../support/observed.ts'
import { TOPOLOGIES } from './topologies.ts'
import captures from './x-death-captures.json' with { type: 'json' }

/**
 * What a consumer behind a dead-letter exchange got from a live RabbitMQ 4.3.6, each case built again here: headers
 * with their order and types, properties, address and redelivered flag. Only the times in x-death are left out.
 */
const cases = captures.map((capture) => {
  const { topology, result: _nothing, ...seen } = capture
  const [, name = '', turn] = /^(.*?)(?: \[(\d)\])?$/.exec(topology) ?? []
  return { topology, name, turn: Number(turn ?? 1), seen: 'exchange' in seen ? seen : null }
})

describe('dead letters arrive as from RabbitMQ 4.3.6', () => {
  test.each(cases)('$topology', ({ name, turn, seen }) => {
    const observations = observationsOf(name)
    const observed = observations[turn - 1] ?? null
    if (seen === null) expect(observations).toEqual([])
    else expect({ ...observed, headers: withoutTimes(observed?.headers) }).toStrictEqual(seen)
  })

  test('in 79 cases', () => {
    expect(cases).toHaveLength(79)
  })
})

function observationsOf(name: string) {
  const [type, rest = ''] = name.split(/: (.*)/s)
  const byName = TOPOLOGIES.get(name)
  if (byName !== undefined) return byName('classic')
  const byType = TOPOLOGIES.get(rest)
  if (byType === undefined || (type !== 'classic' && type !== 'quorum')) {
    throw new Error(`${name} is not built`)
  }
  return byType(type)
}
