import { longstr, type Table } from '../../common/table.ts'
import type { Vhost } from '../vhost.ts'

/**
 * The arguments of a queue that is declared, with the default type of its vhost where they name none and a queue of that
 * type can be what is asked for (RabbitMQ documentation, virtual hosts).
 */
export function withDefaultType(
  { description }: Vhost,
  args: Table,
  asked: { readonly durable: boolean; readonly autoDelete: boolean; readonly exclusive: boolean },
): Table {
  const { defaultQueueType } = description
  if (defaultQueueType === 'classic' || args.has('x-queue-type')) return args
  if (!asked.durable || asked.autoDelete || asked.exclusive) return args
  return new Map([...args, ['x-queue-type', longstr(defaultQueueType)]])
}
