import { COMPATS, type Compat } from '../../src/common/compat.ts'
import { RunQueue } from '../../src/common/run-queue.ts'
import { EMPTY_TABLE, type Table } from '../../src/common/table.ts'
import type { Exchange } from '../../src/core/exchange/exchange.ts'
import type { Store } from '../../src/core/ports.ts'
import { queueTypeOf } from '../../src/core/queue/arguments.ts'
import type { Queue } from '../../src/core/queue/queue.ts'
import { Vhost } from '../../src/core/vhost.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { type MessageWish, newMessage } from './messages.ts'
import { vhostHost } from './vhost-host.ts'

/** A vhost alone, and short ways to say what tests say often. Turns end when the test says so. */
export class TestVhost {
  readonly vhost: Vhost
  readonly turn: RunQueue
  /** Stands for the one client. */
  readonly user = {}

  constructor(
    store: Store = new MemoryStore(),
    compat: Compat = COMPATS['4.2'],
    turn = new RunQueue(() => {}),
  ) {
    this.turn = turn
    this.vhost = new Vhost('/', vhostHost({ compat, turn: this.turn, store }))
  }

  queue(name: string, wish: QueueWish = {}, user: object = this.user): Queue {
    const declared = {
      type: queueTypeOf(wish.arguments ?? EMPTY_TABLE),
      vhost: '/',
      name,
      durable: wish.durable ?? false,
      autoDelete: wish.autoDelete ?? false,
      exclusiveOwner: wish.exclusive ? user : null,
      arguments: wish.arguments ?? EMPTY_TABLE,
    }
    return this.vhost.declareQueue(declared, user)
  }

  exchange(name: string, type: string, wish: ExchangeWish = {}): Exchange {
    return this.vhost.declareExchange({
      vhost: '/',
      name,
      type,
      durable: wish.durable ?? false,
      autoDelete: wish.autoDelete ?? false,
      internal: wish.internal ?? false,
      arguments: wish.arguments ?? EMPTY_TABLE,
    })
  }

  bindQueue(source: string, name: string, routingKey = '', args = EMPTY_TABLE): void {
    this.vhost.bind(source, { kind: 'queue', name }, routingKey, args, this.user)
  }

  unbindQueue(source: string, name: string, routingKey = '', args = EMPTY_TABLE): void {
    this.vhost.unbind(source, { kind: 'queue', name }, routingKey, args, this.user)
  }

  bindExchange(source: string, name: string, routingKey = '', args = EMPTY_TABLE): void {
    this.vhost.bind(source, { kind: 'exchange', name }, routingKey, args, this.user)
  }

  unbindExchange(source: string, name: string, routingKey = '', args = EMPTY_TABLE): void {
    this.vhost.unbind(source, { kind: 'exchange', name }, routingKey, args, this.user)
  }

  deleteQueue(name: string): number {
    return this.vhost.deleteQueue(name, false, false, this.user)
  }

  /** Names of the queues that a message goes to, in alphabetical order. */
  route(exchange: string, routingKey: string, wish: MessageWish = {}): readonly string[] {
    const message = newMessage({ ...wish, exchange, routingKey })
    const { queues } = this.vhost.route(this.vhost.exchanges.get(exchange), message)
    return queues.map((queue) => queue.name).sort()
  }

  hasExchange(name: string): boolean {
    return this.vhost.exchanges.find(name) !== undefined
  }

  hasQueue(name: string): boolean {
    return this.vhost.queues.find(name) !== undefined
  }
}

export interface QueueWish {
  readonly durable?: boolean
  readonly autoDelete?: boolean
  readonly exclusive?: boolean
  readonly arguments?: Table
}

export interface ExchangeWish {
  readonly durable?: boolean
  readonly autoDelete?: boolean
  readonly internal?: boolean
  readonly arguments?: Table
}
