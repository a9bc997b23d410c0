import type { Deadline, Deadlines } from '../common/deadlines.ts'

/** What a heartbeat does for its connection. */
export interface HeartbeatHandler {
  sendHeartbeat(): void
  /** Called once per interval: a connection that is not read must listen for a sign of life now and then. */
  listen(): void
  peerIsSilent(): void
}

/**
 * Keeps a connection alive, and finds out when its peer is gone (RabbitMQ documentation, heartbeats). A heartbeat is
 * sent when nothing else was for half the interval. Two whole intervals without a byte from the peer, and it is given
 * up. The hot path only sets two flags.
 */
export class Heartbeat {
  hasSent = false
  hasReceived = false
  private readonly deadlines: Deadlines
  private readonly handler: HeartbeatHandler
  private readonly intervalMs: number
  private sendDeadline: Deadline
  private receiveDeadline: Deadline
  private silentIntervals = 0

  constructor(deadlines: Deadlines, intervalMs: number, handler: HeartbeatHandler) {
    this.deadlines = deadlines
    this.handler = handler
    this.intervalMs = intervalMs
    this.sendDeadline = deadlines.after(intervalMs / 2, this.checkSent)
    this.receiveDeadline = deadlines.after(intervalMs, this.checkReceived)
  }

  stop(): void {
    this.sendDeadline.cancel()
    this.receiveDeadline.cancel()
  }

  private readonly checkSent = (): void => {
    this.sendDeadline = this.deadlines.after(this.intervalMs / 2, this.checkSent)
    if (!this.hasSent) this.handler.sendHeartbeat()
    this.hasSent = false
  }

  private readonly checkReceived = (): void => {
    this.silentIntervals = this.hasReceived ? 0 : this.silentIntervals + 1
    this.hasReceived = false
    if (this.silentIntervals >= MAX_SILENT_INTERVALS) {
      this.stop()
      this.handler.peerIsSilent()
      return
    }
    this.receiveDeadline = this.deadlines.after(this.intervalMs, this.checkReceived)
    this.handler.listen()
  }
}

const MAX_SILENT_INTERVALS = 2
