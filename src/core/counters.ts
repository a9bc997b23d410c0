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

  add(other: Readonly<ChannelCounters>): void {
    this.deliver += other.deliver
    this.deliverNoAck += other.deliverNoAck
    this.get += other.get
    this.getNoAck += other.getNoAck
    this.getEmpty += other.getEmpty
    this.redeliver += other.redeliver
    this.ack += other.ack
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

/** What has come and gone since the broker started. */
export class Churn {
  connectionCreated = 0
  connectionClosed = 0
  channelCreated = 0
  channelClosed = 0
  /** Every declaration, also of a queue that is there already. */
  queueDeclared = 0
  queueCreated = 0
  queueDeleted = 0
}
