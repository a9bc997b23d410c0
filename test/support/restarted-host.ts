import type { CompatName } from '../../src/common/compat.ts'
import { ReadyMemory } from '../../src/core/queue/ready-memory.ts'
import { BacklogStore } from './backlog-store.ts'
import { CoreHost } from './core-host.ts'

/** The same broker started again, with the definitions of the old one restored. Its store must be a BacklogStore. */
export function restarted({ vhost, clock }: CoreHost, wish: RestartWish = {}) {
  const { messages } = vhost
  if (!(messages instanceof BacklogStore)) throw new Error('this store ends with its broker')
  const { compat = '4.2', memory = tinyMemory(), isClean = true, laterMs = 0 } = wish
  const store = messages.restarted({ isClean })
  const host = new CoreHost(compat, store, memory)
  host.clock.advance(clock.now() - host.clock.now() + laterMs)
  for (const change of store.restored()) {
    if (change.kind === 'queue-deleted') host.vhost.deleteQueue(change.name, false, false, {})
    else host.vhost.restoreDefinition(change)
  }
  return { host, store, memory }
}

export interface RestartWish {
  readonly compat?: CompatName
  readonly memory?: ReadyMemory
  /** False when the broker did not end by itself. */
  readonly isClean?: boolean
  /** How long it was not there. */
  readonly laterMs?: number
}

/** Room for next to nothing. */
export function tinyMemory(): ReadyMemory {
  return new ReadyMemory({ limitBytes: 0, minCount: 2, minBytes: 1000, readBytes: 2 })
}
