import { LongWork } from '../common/long-work.ts'
import { type Binding, type Destination, definitionOf } from './binding.ts'
import { removeBinding, removeBindingsFrom } from './bindings.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { DefinitionStore } from './ports.ts'
import type { Queue } from './queue/queue.ts'
import type { Vhost } from './vhost.ts'

/** Takes queues, exchanges and bindings of a vhost away, each with whatever cannot be without it. */
export class Removal {
  private readonly vhost: Vhost
  private readonly definitions: DefinitionStore
  private isOfAll = false // then nothing is recorded: it has gone with the vhost

  constructor(vhost: Vhost, definitions: DefinitionStore) {
    this.vhost = vhost
    this.definitions = definitions
  }

  queue(queue: Queue): void {
    if (queue.isDeleted) return
    const { vhost } = this
    vhost.generation++
    if (queue.durable && !this.isOfAll) {
      this.definitions.record({ kind: 'queue-deleted', vhost: vhost.name, name: queue.name })
    }
    vhost.queues.remove(queue)
    queue.close()
    this.removeIncoming(queue)
  }

  exchange(exchange: Exchange): void {
    this.forgetExchange(exchange)
    this.removeIncoming(exchange)
  }

  /** The exchange goes too if it loses its last binding by it and is to be deleted then. */
  binding(binding: Binding): void {
    if (binding.durable) {
      this.definitions.record({ kind: 'unbound', binding: definitionOf(binding) })
    }
    this.unbind(binding)
    if (isAbandoned(binding.source)) this.exchange(binding.source)
  }

  /** Of a vhost that is deleted itself; returns what is left of that for the next turns. */
  everything(whenDone: () => void): LongWork<Queue | Exchange> {
    this.isOfAll = true
    const { queues, exchanges, turn } = this.vhost
    const remove = (each: Queue | Exchange): void => {
      if (each.kind === 'queue') this.queue(each)
      else if (!each.isDeleted) this.forgetExchange(each)
    }
    const removing = new LongWork([...queues, ...exchanges], turn, remove, whenDone)
    removing.run()
    return removing
  }

  private forgetExchange(exchange: Exchange): void {
    const { vhost } = this
    if (exchange.durable && !this.isOfAll) {
      const { name } = exchange
      this.definitions.record({ kind: 'exchange-deleted', vhost: vhost.name, name })
    }
    vhost.exchanges.remove(exchange)
    vhost.delays.forget(exchange)
    vhost.generation++
    removeBindingsFrom(exchange)
  }

  /** Removes the bindings that lead to something that is gone, and the exchanges that lose their last one by it. */
  private removeIncoming(destination: Destination): void {
    const gone: Destination[] = [destination]
    for (let next = gone.pop(); next !== undefined; next = gone.pop()) {
      for (const binding of next.incoming) {
        this.unbind(binding)
        if (!isAbandoned(binding.source)) continue
        this.forgetExchange(binding.source)
        gone.push(binding.source)
      }
    }
  }

  /** Every binding that goes makes remembered routes void: some may have been found since its queue began to close. */
  private unbind(binding: Binding): void {
    this.vhost.generation++
    removeBinding(binding)
  }
}

function isAbandoned(exchange: Exchange): boolean {
  return exchange.autoDelete && exchange.bindings.size === 0 && !exchange.isDeleted
}
