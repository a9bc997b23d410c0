import { longstr } from '../../common/table.ts'
import { queueTypeOf } from '../../core/queue/arguments.ts'
import { withDefaultType } from '../../core/queue/default-type.ts'
import type { Vhost } from '../../core/vhost.ts'
import { tableOfJson } from '../amqp-json.ts'
import { DefinitionsError } from './definitions-error.ts'
import { erlangOfJson } from './erlang-json.ts'
import type { Fields } from './fields.ts'

/** Adds an exchange unless there is one of its name. Predeclared ones are left alone. */
export function addExchange(vhost: Vhost, exchange: Fields): void {
  const name = exchange.text('name')
  if (isOfServer(name) || vhost.exchanges.find(name) !== undefined) return
  vhost.declareExchange({
    vhost: vhost.name,
    name,
    type: exchange.text('type'),
    durable: exchange.boolean('durable', false),
    autoDelete: exchange.boolean('auto_delete', false),
    internal: exchange.boolean('internal', false),
    arguments: tableOfJson(exchange.object('arguments').json),
  })
}

/** Adds a queue unless there is one of its name. */
export function addQueue(vhost: Vhost, queue: Fields): void {
  const name = queue.text('name')
  if (isOfServer(name) || vhost.queues.find(name) !== undefined) return
  const given = tableOfJson(queue.object('arguments').json)
  const type = queue.optionalText('type')
  const durable = queue.boolean('durable', false)
  const autoDelete = queue.boolean('auto_delete', false)
  const args =
    type === undefined || given.has('x-queue-type')
      ? withDefaultType(vhost, given, { durable, autoDelete, exclusive: false })
      : new Map([...given, ['x-queue-type', longstr(type)]])
  const declared = {
    vhost: vhost.name,
    name,
    type: queueTypeOf(args),
    durable,
    autoDelete,
    exclusiveOwner: null,
    arguments: args,
  }
  vhost.declareQueue(declared, NOBODY)
}

/** Adds a binding unless there is one that says the same. */
export function addBinding(vhost: Vhost, binding: Fields): void {
  const source = binding.text('source')
  const name = binding.text('destination')
  const kind = binding.text('destination_type', 'queue')
  if (kind !== 'queue' && kind !== 'exchange') {
    throw new DefinitionsError(`{unknown_destination_type,${erlangOfJson(kind)}}`)
  }
  if (source === '') return
  assertThere(vhost, [
    { kind: 'exchange', name: source },
    { kind, name },
  ])
  const args = tableOfJson(binding.object('arguments').json)
  vhost.bind(source, { kind, name }, binding.text('routing_key', ''), args, NOBODY)
}

interface End {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

function assertThere(vhost: Vhost, ends: readonly End[]): void {
  const missing = ends.filter(({ kind, name }) => {
    return (kind === 'queue' ? vhost.queues : vhost.exchanges).find(name) === undefined
  })
  if (missing.length === 0) return
  const terms = missing.map(({ kind, name }) => {
    return `{not_found,{resource,${erlangOfJson(vhost.name)},${kind},${erlangOfJson(name)}}}`
  })
  throw new DefinitionsError(`{resources_missing,[${terms.join(',')}]}`)
}

function isOfServer(name: string): boolean {
  return name === '' || name.startsWith('amq.')
}

/** Stands for no connection: nothing exclusive is its own. */
const NOBODY = {}
