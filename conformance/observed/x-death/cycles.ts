import type { RawMessage } from '../../support/raw-connection.ts'
import type { Arrival } from '../observation.ts'
import { arrivalOf } from './arrival.ts'
import type { Letters } from './letters.ts'
import { deadLetterTo, type Topology, ttl } from './topology.ts'

/** A message that dies more than once, in queues of either type. */
export const CYCLES: Readonly<Record<string, Topology>> = {
  'work queue s1 -reject-> retry queue s2 (TTL 60) -> s1, seen in s1 at each turn': async (
    letters,
  ) => {
    await letters.mortal('s1', deadLetterTo('s2'))
    await letters.mortal('s2', [...deadLetterTo('s1'), ...ttl(60)])
    await letters.publish('', 's1')
    return seen(4, () => letters.reject('s1'))
  },
  'ladder s1 (TTL 40, message expiration 30) -> s2 (50) -> s3 (60) -> dq': async (letters) => {
    await letters.mortal('s1', [...deadLetterTo('s2'), ...ttl(40)])
    await letters.mortal('s2', [...deadLetterTo('s3'), ...ttl(50)])
    await letters.mortal('s3', [...deadLetterTo('dq'), ...ttl(60)])
    await letters.queue('dq')
    await letters.watch('dq')
    await letters.publish('', 's1', { expiration: '30' })
    return [await letters.arrival()]
  },
  'fully automatic cycle on one queue by TTL': async (letters) => {
    await letters.mortal('s1', [...deadLetterTo('s1'), ...ttl(50)])
    await letters.publish('', 's1')
    await letters.untilEmpty('s1')
    await letters.watch('s1')
    return [await letters.beforeMarker('s1')]
  },
  'cycle on one queue by reject': async (letters) => {
    await letters.mortal('s1', deadLetterTo('s1'))
    await letters.publish('', 's1')
    return seen(3, () => letters.reject('s1'))
  },
  'consumer acks and republishes the message with its headers to s2 (TTL 60) -> s1': async (
    letters,
  ) => {
    await letters.mortal('s1', [])
    await letters.mortal('s2', [...deadLetterTo('s1'), ...ttl(60)])
    await letters.publish('', 's1')
    return seen(3, () => republish(letters))
  },
}

async function seen(turns: number, turn: () => Promise<RawMessage>): Promise<Arrival[]> {
  const arrivals: Arrival[] = []
  for (let at = 0; at < turns; at++) arrivals.push(arrivalOf(await turn()))
  return arrivals
}

async function republish(letters: Letters): Promise<RawMessage> {
  const message = await letters.take('s1')
  await letters.ack(message)
  await letters.publish('', 's2', message.properties)
  return message
}
