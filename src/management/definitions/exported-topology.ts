import type { JsonObject } from '../../common/json.ts'
import { longstr, type Table } from '../../common/table.ts'
import type { Binding } from '../../core/binding.ts'
import type { Exchange } from '../../core/exchange/exchange.ts'
import type { Queue } from '../../core/queue/queue.ts'
import type { Vhost } from '../../core/vhost.ts'
import { jsonOfTable } from '../amqp-json.ts'

/**
 * Queues, exchanges and bindings of a vhost as they are exported, to be read in that order. It may take its time: queues
 * and exchanges are those that were there at the beginning, and no binding has another end.
 */
export class ExportedTopology {
  private readonly queuesThere: readonly Queue[]
  private readonly exchangesThere: readonly Exchange[]
  private readonly exported = new Set<Queue | Exchange>()
  private readonly vhostName: string | null

  /** Each names its vhost only if that is to be. */
  constructor(vhost: Vhost, namesVhost: boolean) {
    this.queuesThere = [...vhost.queues]
    this.exchangesThere = [...vhost.exchanges]
    this.vhostName = namesVhost ? vhost.name : null
  }

  *queues(): Iterable<JsonObject> {
    for (const queue of this.queuesThere) {
      if (!isExportedQueue(queue)) continue
      this.exported.add(queue)
      yield this.placed(queueJson(queue))
    }
  }

  *exchanges(): Iterable<JsonObject> {
    for (const exchange of this.exchangesThere) {
      // those of the server are everywhere, so that something may be bound to them
      if (!exchange.internal) this.exported.add(exchange)
      if (isExportedExchange(exchange)) yield this.placed(exchangeJson(exchange))
    }
  }

  /** Those with one end that is not exported would lead nowhere; the default exchange's are no definitions. */
  *bindings(): Iterable<JsonObject> {
    for (const { name, internal, bindings } of this.exchangesThere) {
      if (name === '' || internal) continue
      for (const binding of bindings.values()) {
        if (!this.exported.has(binding.destination)) continue
        yield this.placed(bindingJson(binding))
      }
    }
  }

  private placed(json: JsonObject): JsonObject {
    return this.vhostName === null ? json : { vhost: this.vhostName, ...json }
  }
}

/** Exclusive queues belong to a connection, and server-named ones to nobody else. */
function isExportedQueue({ name, exclusiveOwner }: Queue): boolean {
  return exclusiveOwner === null && !name.startsWith('amq.')
}

function queueJson(queue: Queue): JsonObject {
  const { name, type, durable, autoDelete } = queue
  const args = jsonOfTable(withQueueType(queue.arguments, type))
  return { name, type, durable, auto_delete: autoDelete, arguments: args }
}

/** RabbitMQ 4 has the type of every queue among its arguments. */
function withQueueType(args: Table, type: string): Table {
  return args.has('x-queue-type') ? args : new Map([...args, ['x-queue-type', longstr(type)]])
}

function isExportedExchange({ name, internal }: Exchange): boolean {
  return !internal && name !== '' && (!name.startsWith('amq.') || name === 'amq.rabbitmq.log')
}

function exchangeJson(exchange: Exchange): JsonObject {
  const { name, type, durable, autoDelete } = exchange
  const args = jsonOfTable(exchange.arguments)
  return { name, type, durable, auto_delete: autoDelete, arguments: args }
}

function bindingJson(binding: Binding): JsonObject {
  return {
    source: binding.source.name,
    destination: binding.destination.name,
    destination_type: binding.destination.kind,
    routing_key: binding.routingKey,
    arguments: jsonOfTable(binding.arguments),
  }
}
