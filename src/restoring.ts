import { quantity } from './common/quantity.ts'
import type { DefinitionChange } from './core/ports.ts'
import { Refusal } from './core/refusal.ts'
import { Definitions } from './definitions.ts'
import type { Services } from './protocol/services.ts'

/**
 * Gives a broker what its store has kept: definitions, and with the queues their messages. Returns whether it is new, as
 * its store has kept nothing.
 *
 * What cannot be restored is logged and left out. The store keeps it then, and all messages that no queue has asked for:
 * a release that knows what this one does not will find them there.
 */
export function restore(services: Services): boolean {
  const { store, clock, log } = services
  const definitions = new Definitions(services)
  const startMs = clock.now()
  const counts: Counts = new Map()
  let missingCount = 0
  for (const change of store.definitions.restored()) {
    counts.set(change.kind, (counts.get(change.kind) ?? 0) + 1)
    applyOrLog(definitions, change, services)
    if (!isThere(change, services)) missingCount++
  }
  const isNew = counts.size === 0
  if (!isNew) {
    const ms = Math.round(clock.now() - startMs)
    log.info(`restored ${summary(counts, services)} in ${ms} ms`)
  }
  if (missingCount === 0) {
    store.messages.dropUnclaimed()
    return isNew
  }
  const missing = quantity(missingCount, 'queue or exchange', 'queues and exchanges')
  log.error(`${missing} could not be restored; what belongs to them stays in the store`)
  return isNew
}

type Counts = Map<DefinitionChange['kind'], number>

function applyOrLog(definitions: Definitions, change: DefinitionChange, { log }: Services): void {
  try {
    definitions.apply(change)
  } catch (error) {
    // a pattern that one version of Node takes and another does not is a SyntaxError
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error
    log.error({ err: error }, `cannot restore what was ${change.kind}: ${error.message}`)
  }
}

/** Whether what has messages of its own is there now. A vhost logs itself what it cannot restore. */
function isThere(change: DefinitionChange, { vhosts }: Services): boolean {
  switch (change.kind) {
    case 'queue-declared': {
      const { vhost, name } = change.queue
      return vhosts.get(vhost)?.queues.find(name) !== undefined
    }
    case 'exchange-declared': {
      const { vhost, name } = change.exchange
      return vhosts.get(vhost)?.exchanges.find(name) !== undefined
    }
    default:
      return true
  }
}

function summary(counts: Counts, { vhosts }: Services): string {
  let messageCount = 0
  for (const { queues } of vhosts) for (const queue of queues) messageCount += queue.readyCount
  const count = (kind: DefinitionChange['kind']) => counts.get(kind) ?? 0
  return [
    quantity(count('vhost-added'), 'vhost'),
    quantity(count('user-set'), 'user'),
    quantity(count('policy-set'), 'policy', 'policies'),
    quantity(count('exchange-declared'), 'exchange'),
    quantity(count('queue-declared'), 'queue'),
    quantity(count('bound'), 'binding'),
    quantity(messageCount, 'message'),
  ].join(', ')
}
