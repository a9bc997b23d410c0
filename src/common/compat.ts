/** Which RabbitMQ a broker behaves like, where versions differ (core semantics, profiles). */
export interface Compat {
  readonly name: CompatName
  /** The version shown to clients: some of them act on it. */
  readonly version: string
  /** The smallest frame-max a client may ask for, in bytes. Lenient by default: old clients ask for 4096. */
  readonly minFrameMax: number
  /** Default limit of a message body, in bytes. */
  readonly maxMessageSize: number
  /** Whether an unknown exchange type costs the client its connection or only the channel. */
  readonly unknownExchangeType: 'command-invalid' | 'precondition-failed'
  /** Whether basic.qos with global limits the channel; otherwise it limits each consumer. */
  readonly hasGlobalQos: boolean
  /** Whether queues may be neither durable nor exclusive. */
  readonly hasTransientQueues: boolean
  /** Whether a queue may say which node it wants, by an argument of old. */
  readonly hasMasterLocator: boolean
  /** How often a message may fail in a quorum queue that says nothing of it; null for any number. */
  readonly deliveryLimit: number | null
  /**
   * Whether basic.nack says nothing of how a delivery went, and basic.reject that it failed. A message then carries
   * its failures along when it is dead-lettered, and is redelivered there. Before, every return counted, in its queue.
   */
  readonly rejectMeansFailure: boolean
  /**
   * Whether the death headers that a message is published with count as its history. A consumer that publishes a
   * message again, instead of rejecting it, then goes on counting; from RabbitMQ 4 on it starts anew.
   */
  readonly believesDeathHeaders: boolean
  /** Whether quorum queues know 32 priorities, or two classes of them. */
  readonly hasStrictQuorumPriorities: boolean
  /** Whether every queue takes messages back from a consumer that keeps them too long, or only quorum queues. */
  readonly hasConsumerTimeoutEverywhere: boolean
  /** How many `#` a topic pattern may have. */
  readonly maxTopicHashes: number
}

export type CompatName = '3.13' | '4.2' | '4.3'

export const COMPATS: Readonly<Record<CompatName, Compat>> = {
  '3.13': {
    name: '3.13',
    version: '3.13.7',
    minFrameMax: 4096,
    maxMessageSize: 134_217_728,
    unknownExchangeType: 'command-invalid',
    hasGlobalQos: true,
    hasTransientQueues: true,
    hasMasterLocator: true,
    deliveryLimit: null,
    rejectMeansFailure: false,
    believesDeathHeaders: true,
    hasStrictQuorumPriorities: false,
    hasConsumerTimeoutEverywhere: true,
    maxTopicHashes: Number.POSITIVE_INFINITY,
  },
  '4.2': {
    name: '4.2',
    version: '4.2.2',
    minFrameMax: 4096,
    maxMessageSize: 16_777_216,
    unknownExchangeType: 'precondition-failed',
    hasGlobalQos: true,
    hasTransientQueues: true,
    hasMasterLocator: true,
    deliveryLimit: 20,
    rejectMeansFailure: false,
    believesDeathHeaders: false,
    hasStrictQuorumPriorities: false,
    hasConsumerTimeoutEverywhere: true,
    maxTopicHashes: Number.POSITIVE_INFINITY,
  },
  '4.3': {
    name: '4.3',
    version: '4.3.6',
    minFrameMax: 8192,
    maxMessageSize: 16_777_216,
    unknownExchangeType: 'precondition-failed',
    hasGlobalQos: false,
    hasTransientQueues: false,
    hasMasterLocator: false,
    deliveryLimit: 20,
    rejectMeansFailure: true,
    believesDeathHeaders: false,
    hasStrictQuorumPriorities: true,
    hasConsumerTimeoutEverywhere: false,
    maxTopicHashes: 2,
  },
}
