import type { TrafficShape } from './job.ts'

/** Names of what a load declares. */
export interface Topology {
  readonly exchange: string
  readonly queues: readonly string[]
  /** The routing keys that a publisher takes in turn. */
  routingKeysOf(publisher: number): readonly string[]
}

/** `id` keeps apart what several loads declare on the same broker. */
export function namesOf(shape: TrafficShape, id: string): Topology {
  const queues = Array.from({ length: shape.queues }, (_, i) => `b${id}.${fourDigits(i)}`)
  const exchange = shape.exchange === 'default' ? '' : `b${id}-${shape.exchange}`
  return {
    exchange,
    queues,
    routingKeysOf(publisher) {
      if (shape.exchange !== 'topic') return [queues[publisher % queues.length]!]
      const first = publisher * 37
      return Array.from({ length: shape.bindings }, (_, i) =>
        topicKey((first + i) % shape.bindings),
      )
    },
  }
}

/** What is bound to the exchange of a load. */
export function bindingsOf(
  shape: TrafficShape,
  { queues }: Topology,
): readonly { readonly queue: string; readonly routingKey: string }[] {
  if (shape.exchange === 'default') return []
  if (shape.exchange === 'fanout') return queues.map((queue) => ({ queue, routingKey: queue }))
  return Array.from({ length: shape.bindings }, (_, i) => ({
    queue: queues[i % queues.length]!,
    routingKey: topicPattern(i),
  }))
}

/** Three shapes in turn. The routing key of a number matches the pattern of that number and no other. */
export function topicPattern(number: number): string {
  const digits = fourDigits(number)
  if (number % 3 === 0) return `dev.${digits}.*.temp`
  if (number % 3 === 1) return `*.${digits}.hall.temp`
  return `dev.${digits}.#`
}

export function topicKey(number: number): string {
  return `dev.${fourDigits(number)}.hall.temp`
}

function fourDigits(number: number): string {
  return String(number).padStart(4, '0')
}
