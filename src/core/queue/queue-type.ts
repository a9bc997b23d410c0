/** `quorum` is, on one node, a durable queue with rules of its own; see the places that ask for the type. */
export type QueueTypeName = 'classic' | 'quorum'

export const QUEUE_TYPES: ReadonlySet<string> = new Set<QueueTypeName>(['classic', 'quorum'])

/** The name that RabbitMQ prints in errors: that of the module behind the type. */
export function moduleOf(type: QueueTypeName): string {
  return `rabbit_${type}_queue`
}
