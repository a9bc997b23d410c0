import type { Properties } from '../../support/content-header.ts'
import type { Table } from '../../support/field-table.ts'
import type { Arrival } from '../observation.ts'
import type { Letters } from './letters.ts'

/** Builds a topology, lets a message die in it, and gives what arrived; null stands for nothing. */
export type Topology = (letters: Letters) => Promise<(Arrival | null)[]>

export const DLX: Table = [['x-dead-letter-exchange', 'S', 'dlx']]

/** The arguments that dead-letter to a queue, through the default exchange. */
export function deadLetterTo(queue: string): Table {
  return [
    ['x-dead-letter-exchange', 'S', ''],
    ['x-dead-letter-routing-key', 'S', queue],
  ]
}

export function ttl(ms: number): Table {
  return [['x-message-ttl', 'I', ms]]
}

/** Exchange src -k-> queue s1, whose dead letters go through exchange dlx to the watched queue dq. */
export async function declareUsual(
  letters: Letters,
  args: Table,
  dlx: { type: string; key?: string } = { type: 'fanout' },
): Promise<void> {
  await letters.exchange('src', 'direct')
  await letters.exchange('dlx', dlx.type)
  await letters.mortal('s1', [...DLX, ...args])
  await letters.bind('s1', 'src', 'k')
  await letters.queue('dq')
  await letters.bind('dq', 'dlx', dlx.key ?? '')
  await letters.watch('dq')
}

/** The usual topology, in which messages die by themselves. */
export function usual(
  args: Table,
  ...messages: readonly { properties?: Properties; body?: string }[]
): Topology {
  return async (letters) => {
    await declareUsual(letters, args)
    for (const { properties, body } of messages) {
      await letters.publish('src', 'k', properties, body)
    }
    return [await letters.arrival()]
  }
}

/** The usual topology, in which a consumer rejects the message. */
export function usualReject(args: Table, properties?: Properties): Topology {
  return async (letters) => {
    await declareUsual(letters, args)
    await letters.publish('src', 'k', properties)
    await letters.reject('s1')
    return [await letters.arrival()]
  }
}
