import type { User } from '../auth/users.ts'
import { deathToUndo, type ReplayTarget, revived } from '../core/dead-letter/replay.ts'
import type { Message } from '../core/message.ts'
import { type PeekRange, peek } from '../core/queue/peek.ts'
import type { Queue } from '../core/queue/queue.ts'
import { preconditionFailed } from '../core/refusal.ts'
import { untilDurable } from '../core/until-durable.ts'
import { REJECTED, type Vhost } from '../core/vhost.ts'
import { assertPermitted, assertTopicsPermitted } from './access.ts'
import { countRouted } from './counting.ts'
import { type DirectMessage, directMessage } from './direct-session.ts'
import type { Services } from './services.ts'

/**
 * What a user does with messages that lie in queues: looks at them, moves them, sends dead letters back.
 *
 * A message is stored where it goes before it is settled where it was, and both are in one order of changes: losing power
 * in between may leave it in both queues, never in none. When it resolves, all that was done is durable.
 */
export class QueueTransfer {
  private readonly services: Services
  readonly user: User
  readonly vhost: Vhost

  constructor(services: Services, user: User, vhost: Vhost) {
    this.services = services
    this.user = user
    this.vhost = vhost
  }

  /** Changes nothing at all. Each message tells how many are ready behind it. */
  peek(name: string, range: PeekRange): { messages: readonly DirectMessage[]; isCut: boolean } {
    const queue = this.readable(name)
    const { entries, isCut } = peek(queue, range)
    const behind = queue.ready.length - range.offset - 1
    const messages = entries.map((entry, i) => directMessage(entry, Math.max(0, behind - i)))
    return { messages, isCut }
  }

  /** The messages stay as they are: exchange, routing key, properties and headers. A time to live begins anew. */
  move(from: string, to: string, count: number): Promise<Transfer> {
    const source = this.readable(from)
    assertPermitted(this, 'write', 'exchange', '')
    const target = this.vhost.queues.get(to, this)
    if (source === target) throw preconditionFailed('a queue cannot be moved to itself')
    return this.transfer(source, count, (message) =>
      target.isDeleted ? `queue '${to}' has been deleted` : { message, queues: [target] },
    )
  }

  /** Sends dead letters, without what their headers tell of it, back to where they came from. */
  replay(from: string, to: ReplayTarget, count: number): Promise<Transfer> {
    const source = this.readable(from)
    if (to === 'queue') assertPermitted(this, 'write', 'exchange', '')
    return this.transfer(source, count, (message) =>
      to === 'queue' ? this.toQueue(message) : this.toExchange(message),
    )
  }

  private toQueue(message: Message): Step | string {
    const death = deathToUndo(message, 'queue')
    if (death === null) return NO_DEATH
    const queue = this.vhost.queues.find(death.queue)
    if (queue === undefined) return `queue '${death.queue}', in which the message died, is gone`
    return { message: revived(message, death.exchange, death.routingKeys), queues: [queue] }
  }

  private toExchange(message: Message): Step | string {
    const death = deathToUndo(message, 'exchange')
    if (death === null) return NO_DEATH
    const exchange = this.vhost.exchanges.find(death.exchange)
    if (exchange === undefined) return `exchange '${death.exchange}' is gone`
    assertPermitted(this, 'write', 'exchange', exchange.name)
    const again = revived(message, death.exchange, death.routingKeys)
    if (exchange.type === 'topic') {
      assertTopicsPermitted(this, 'write', exchange.name, again.routingKeys)
    }
    const route = this.vhost.route(exchange, again)
    if (route.queues.length === 0 && route.delays === null) {
      return `exchange '${death.exchange}' has no queue for routing key '${death.routingKeys[0] ?? ''}'`
    }
    exchange.publishedCount++
    countRouted(exchange, route.queues)
    return { message: again, ...route }
  }

  /** Hands on what is ready now, not what comes meanwhile. Others have their turn after each batch. */
  private async transfer(queue: Queue, most: number, plan: Plan): Promise<Transfer> {
    let left = Math.min(most, queue.readyCount)
    let count = 0
    let stopped: string | null = null
    while (left > 0 && stopped === null && !queue.isDeleted) {
      const batch = this.transferBatch(queue, Math.min(left, BATCH), plan)
      count += batch.count
      stopped = batch.stopped
      left = batch.count === 0 ? 0 : left - batch.count
      await this.untilDurable()
    }
    return { count, stopped }
  }

  private transferBatch(queue: Queue, most: number, plan: Plan): Transfer {
    for (let count = 0; count < most; count++) {
      const next = queue.readyCount === 0 ? undefined : queue.ready.peek()
      if (next === undefined) return { count, stopped: null }
      const step = plan(next.message)
      if (typeof step === 'string') return { count, stopped: step }
      const entry = queue.get(false)
      if (entry === null) return { count, stopped: null }
      const { message, queues, delays = null } = step
      if (this.vhost.enqueue(message, { queues, delays }) === REJECTED) {
        queue.requeue([entry], 'nack')
        return { count, stopped: 'a queue is full and rejects what is published to it' }
      }
      queue.settle(entry)
    }
    return { count: most, stopped: null }
  }

  private readable(name: string): Queue {
    assertPermitted(this, 'read', 'queue', name)
    return this.vhost.queues.get(name, this)
  }

  /** At least one turn, in which queues are run. */
  private async untilDurable(): Promise<void> {
    const { durability } = this.services.store
    const position = durability.recorded
    await new Promise((resolve) => setImmediate(resolve))
    await untilDurable(durability, position)
  }
}

export interface Transfer {
  /** Messages. */
  readonly count: number
  /** Why it ended before as many as were wanted; null when nothing was in the way. */
  readonly stopped: string | null
}

interface Step {
  readonly message: Message
  readonly queues: readonly Queue[]
  readonly delays?: ReturnType<Vhost['route']>['delays']
}

/** What becomes of a message, or why nothing can. */
type Plan = (message: Message) => Step | string

/** So many messages a turn. */
const BATCH = 200

const NO_DEATH = 'the headers of the message tell of no death'
