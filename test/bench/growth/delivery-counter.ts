import { methodFrame } from '../../../conformance/support/frames.ts'
import type { LoadConnection, LoadSink } from '../load/connection.ts'

/** Only counts what is delivered to a connection, so that it is never slower than a broker. Consumes on channel 1. */
export class DeliveryCounter implements LoadSink {
  received = 0
  acked = 0
  /** Called when something has come, with how many deliveries there were in it. */
  onProgress = (_count: number) => {}
  private readonly connection: LoadConnection
  private told = 0

  constructor(connection: LoadConnection) {
    this.connection = connection
    connection.sink = this
  }

  /** Acknowledges the first `count` that came. */
  ack(count: number): void {
    this.acked = count
    const { socket } = this.connection
    socket.write(methodFrame(1, 'basic.ack', { deliveryTag: count, multiple: true }))
  }

  onDeliver(): void {
    this.received++
  }

  onConfirm(): void {}

  onPause(): void {
    const count = this.received - this.told
    this.told = this.received
    if (count > 0) this.onProgress(count)
  }
}
