import type { Table } from '../../support/field-table.ts'
import { QUORUM } from '../steps.ts'
import { deadLetterTo, declareUsual, type Topology, usualReject } from './topology.ts'

const limit = (deliveries: number): Table => [['x-delivery-limit', 'I', deliveries]]

/** Deaths that only quorum queues know. */
export const QUORUM_DEATHS: Readonly<Record<string, Topology>> = {
  'delivery limit 2, reject requeue=true': async (letters) => {
    await declareUsual(letters, limit(2))
    await letters.publish('src', 'k')
    for (let turn = 0; turn < 3; turn++) await letters.reject('s1', true)
    return [await letters.arrival()]
  },
  'delivery limit 2, nack requeue=true five times': async (letters) => {
    await declareUsual(letters, limit(2))
    await letters.publish('src', 'k')
    for (let turn = 0; turn < 5; turn++) await letters.nackIfThere('s1', true)
    return [await letters.beforeMarker('dq')]
  },
  'delivery limit 2, channel or connection closed with the message unacked': async (letters) => {
    await declareUsual(letters, limit(2))
    await letters.publish('src', 'k')
    for (let turn = 0; turn < 3; turn++) await letters.abandon('s1')
    return [await letters.arrival()]
  },
  'delivery limit 0, one reject requeue=true': async (letters) => {
    await declareUsual(letters, limit(0))
    await letters.publish('src', 'k')
    await letters.reject('s1', true)
    return [await letters.arrival()]
  },
  'at-least-once strategy, reject': usualReject([
    ['x-dead-letter-strategy', 'S', 'at-least-once'],
    ['x-overflow', 'S', 'reject-publish'],
  ]),
}

/** Topologies whose text begins with more than the type of the queue. */
export const MIXED_DEATHS: Readonly<Record<string, { type: Table; topology: Topology }>> = {
  'classic priority queue max-length 2, priorities 1 5 3': {
    type: [],
    topology: async (letters) => {
      await declareUsual(letters, [
        ['x-max-priority', 'I', 10],
        ['x-max-length', 'I', 2],
      ])
      for (const priority of [1, 5, 3]) await letters.publish('src', 'k', { priority })
      return [await letters.arrival()]
    },
  },
  'classic source, quorum dead-letter queue: basic.reject requeue=false': {
    type: [],
    topology: intoQuorum('reject'),
  },
  'quorum source, quorum dead-letter queue: basic.reject requeue=false': {
    type: QUORUM,
    topology: intoQuorum('reject'),
  },
  'classic source, quorum dead-letter queue: basic.nack requeue=false': {
    type: [],
    topology: intoQuorum('nack'),
  },
  'quorum source, quorum dead-letter queue: basic.nack requeue=false': {
    type: QUORUM,
    topology: intoQuorum('nack'),
  },
}

function intoQuorum(method: 'reject' | 'nack'): Topology {
  return async (letters) => {
    await letters.mortal('s1', deadLetterTo('dq'))
    await letters.queue('dq', QUORUM)
    await letters.watch('dq')
    await letters.publish('', 's1')
    await letters[method]('s1')
    return [await letters.arrival()]
  }
}
