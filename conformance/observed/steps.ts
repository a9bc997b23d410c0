import type { Properties } from '../support/content-header.ts'
import type { Table } from '../support/field-table.ts'
import type { Arguments } from '../support/methods.ts'
import { type Outcome, SILENCE } from './outcome.ts'
import type { Peer } from './peer.ts'
import type { Scenario } from './scene.ts'

/** A method to send on channel 1, or a message to publish there. */
export type Step = readonly [name: string, args?: Arguments] | Publication

export type Publication = {
  readonly publish: Arguments
  readonly properties?: Properties
  readonly body?: Buffer | string
}

/** Takes all steps on one channel, up to the first that is refused; its outcome is what was observed. */
export function steps(...all: readonly Step[]): Scenario {
  return async (t) => take(await t.peer(), ...all)
}

/** The same on a connection that exists already. */
export async function take(peer: Peer, ...all: readonly Step[]): Promise<Outcome> {
  let outcome: Outcome = SILENCE
  for (const step of all) {
    outcome = await takeOne(peer, step)
    if (!outcome.startsWith(SILENCE)) break
  }
  return outcome
}

/** Takes steps that all have to succeed. */
export async function prepare(peer: Peer, ...all: readonly Step[]): Promise<void> {
  const outcome = await take(peer, ...all)
  if (!outcome.startsWith(SILENCE)) throw new Error(`set-up refused\n${outcome}`)
}

function takeOne(peer: Peer, step: Step): Promise<Outcome> {
  if ('publish' in step) return peer.publish(step.publish, step.body, step.properties)
  return peer.ask(step[0], step[1])
}

/** The step that declares a durable queue. */
export function queue(name = 'q', args: Table = [], flags: Arguments = {}): Step {
  return ['queue.declare', { queue: name, durable: true, arguments: args, ...flags }]
}

export function exchange(type: string, args: Table = [], name = 'x'): Step {
  return ['exchange.declare', { exchange: name, type, durable: true, arguments: args }]
}

export const QUORUM: Table = [['x-queue-type', 'S', 'quorum']]
export const STREAM: Table = [['x-queue-type', 'S', 'stream']]

/** The step that publishes to a queue. */
export function message(queueName = 'q', body = 'm'): Publication {
  return { publish: { routingKey: queueName }, body }
}
