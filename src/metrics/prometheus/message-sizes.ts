import { MESSAGE_SIZE_BOUNDS, type MessageSizes } from '../../core/counters.ts'

/** The histogram of the sizes of messages that clients have published. */
export function messageSizeLines({ counts, sumBytes }: Readonly<MessageSizes>): string {
  const name = 'rabbitmq_message_size_bytes'
  const labels = 'protocol="amqp091"'
  const lines = [`# TYPE ${name} histogram`, `# HELP ${name} Sizes of published messages`]
  let total = 0
  for (const [at, count] of counts.entries()) {
    total += count
    const bound = MESSAGE_SIZE_BOUNDS[at]
    lines.push(`${name}_bucket{${labels},le="${bound ?? '+Inf'}"} ${total}`)
  }
  lines.push(`${name}_count{${labels}} ${total}`, `${name}_sum{${labels}} ${sumBytes}`)
  return `${lines.join('\n')}\n`
}
