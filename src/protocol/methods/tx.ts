import { erlangBinary } from '../../common/erlang-term.ts'
import type { Queue } from '../../core/queue/queue.ts'
import { preconditionFailed, Refusal } from '../../core/refusal.ts'
import { REJECTED } from '../../core/vhost.ts'
import { writeTxCommitOk, writeTxRollbackOk, writeTxSelectOk } from '../../wire/methods.ts'
import type { Channel } from '../channel.ts'
import { Transaction } from '../transaction.ts'
import { send } from './publish.ts'

export function select(channel: Channel): void {
  if (channel.confirms !== null) {
    throw preconditionFailed('cannot switch from confirm to tx mode')
  }
  channel.transaction ??= new Transaction()
  writeTxSelectOk(channel.output, channel.number)
}

/** Publishes first, then settlements; the reply when all of it is durable. */
export function commit(channel: Channel): void {
  const transaction = transactionOf(channel)
  for (const { route } of transaction.publishes) route.queues.forEach(assertExists)
  const { publishes, settlements } = transaction.take()
  let isPartial = false
  for (const { message, route, mandatory } of publishes) {
    if (send(channel, message, route, mandatory) === REJECTED) isPartial = true
  }
  for (const { entries, outcome, cause } of settlements) channel.settle(entries, outcome, cause)
  if (isPartial) throw preconditionFailed('partial tx completion')
  channel.connection.durableGate.whenDurable(channel.services.store.durability.recorded, () => {
    if (!channel.isClosed) writeTxCommitOk(channel.output, channel.number)
  })
}

/** Publishes are forgotten; what was to be settled is unacked again. */
export function rollback(channel: Channel): void {
  channel.holdAgain(transactionOf(channel).takeSettled())
  writeTxRollbackOk(channel.output, channel.number)
}

function transactionOf(channel: Channel): Transaction {
  if (channel.transaction === null) throw preconditionFailed('channel is not transactional')
  return channel.transaction
}

function assertExists(queue: Queue): void {
  if (!queue.isDeleted) return
  const vhost = erlangBinary(Buffer.from(queue.vhost))
  const name = erlangBinary(Buffer.from(queue.name))
  throw new Refusal(
    'resource-error',
    `failed to deliver message: {not_found,{resource,${vhost},queue,${name}}}`,
  )
}
