/** What has been handed out of a queue, or on a channel, and acknowledged: numbers of messages since it began. */
export class DeliveryCounters {
  /** To consumers that acknowledge. */
  deliver = 0
  deliverNoAck = 0
  /** With basic.get. */
  get = 0
  getNoAck = 0
  /** basic.get that found nothing. */
  getEmpty = 0
  /** Of all handed out, those that had been handed out before. */
  redeliver = 0
  ack = 0

  add(other: Readonly<DeliveryCounters>): void {
    this.deliver += other.deliver
    this.deliverNoAck += other.deliverNoAck
    this.get += other.get
    this.getNoAck += other.getNoAck
    this.getEmpty += other.getEmpty
    this.redeliver += other.redeliver
    this.ack += other.ack
  }
}

export class QueueCounters extends DeliveryCounters {
  /** By clients: dead letters and what else the broker publishes do not count. */
  publish = 0
  diskReads = 0
  diskWrites = 0
}

export class ChannelCounters extends DeliveryCounters {
  publish = 0
  confirm = 0
  /** No queue was found for them, and they were returned (mandatory), or dropped. */
  returnUnroutable = 0
  dropUnroutable = 0

  override add(other: Readonly<ChannelCounters>): void {
    super.add(other)
    this.publish += other.publish
    this.confirm += other.confirm
    this.returnUnroutable += other.returnUnroutable
    this.dropUnroutable += other.dropUnroutable
  }
}

/** What has passed the socket of a connection since it was opened. */
export class ConnectionCounters {
  receivedBytes = 0
  /** Pieces in which the bytes came and went. */
  receivedCount = 0
  sentBytes = 0
  sentCount = 0

  receive(bytes: number): void {
    this.receivedBytes += bytes
    this.receivedCount++
  }

  send(bytes: number): void {
    this.sentBytes += bytes
    this.sentCount++
  }
}

/** The traffic of a vhost's channels and connections that are closed. */
export class PastTraffic {
  readonly channels = new ChannelCounters()
  receivedBytes = 0
  sentBytes = 0
}

/** How large the bodies of published messages were: how many at most so large, and the sum. */
export class MessageSizes {
  /** For each bound those that are larger than the one before, and then those above all bounds. */
  readonly counts: number[] = MESSAGE_SIZE_BOUNDS_AND_ABOVE.map(() => 0)
  sumBytes = 0

  add(sizeBytes: number): void {
    this.sumBytes += sizeBytes
    let at = 0
    while (sizeBytes > MESSAGE_SIZE_BOUNDS_AND_ABOVE[at]!) at++
    this.counts[at]!++
  }
}

/** RabbitMQ's, in bytes. */
export const MESSAGE_SIZE_BOUNDS = [
  100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000, 100_000_000,
] as const

const MESSAGE_SIZE_BOUNDS_AND_ABOVE: readonly number[] = [
  ...MESSAGE_SIZE_BOUNDS,
  Number.POSITIVE_INFINITY,
]

/** What has come and gone since the broker started. */
export class Churn {
  readonly messageSizes = new MessageSizes()
  connectionCreated = 0
  connectionClosed = 0
  channelCreated = 0
  channelClosed = 0
  /** Every declaration, also of a queue that is there already. */
  queueDeclared = 0
  queueCreated = 0
  queueDeleted = 0
  /** Of quorum queues that are deleted. */
  readonly pastQuorum = new DeliveryCounters()
}
