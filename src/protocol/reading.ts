import { COST_OF_LOOK } from '../common/reading-time.ts'
import type { RunQueue, Task } from '../common/run-queue.ts'
import type { Route } from '../core/route.ts'
import type { FrameReader } from '../wire/frame-reader.ts'
import type { Transport } from './transport.ts'

/** Why nothing is read from a connection; more than one reason may hold. */
export const SLOW_READER = 1
export const NOT_DURABLE = 2
export const ALARM = 4
const TIME_USED_UP = 8

/**
 * Passes a connection's bytes to its frame reader: not while there is a reason to wait, and not at all any more after
 * bytes that are no frame. What a frame's handling throws goes to `fail`, and the frames behind it are read on.
 *
 * All connections share the time of a turn that goes into reading. When it is used up, those that seem to have more to
 * read wait for the next turn: a client that sends without end does not keep others waiting.
 */
export class Reading implements Task {
  isQueued = false
  private readonly reader: FrameReader
  private readonly transport: Transport
  private readonly turn: RunQueue
  private readonly fail: (error: unknown) => void
  private isStopped = false
  private reasons = 0 // bits

  constructor(
    reader: FrameReader,
    transport: Transport,
    turn: RunQueue,
    fail: (error: unknown) => void,
  ) {
    this.turn = turn
    this.reader = reader
    this.transport = transport
    this.fail = fail
  }

  get isPaused(): boolean {
    return this.reasons !== 0
  }

  /** Not read from because the broker is short of something. */
  get isBlocked(): boolean {
    return (this.reasons & ALARM) !== 0
  }

  take(chunk: Buffer): void {
    if (this.isStopped) return
    if (this.isPaused) this.transport.pause() // one chunk was a sign of life; the rest has to wait
    const { readingTime } = this.turn
    readingTime.begin()
    try {
      this.reader.push(chunk)
    } catch (error) {
      this.fail(error)
      this.readOn()
    }
    readingTime.end()
    if (readingTime.isUsedUp && chunk.length >= LARGE_CHUNK) this.waitForTurn()
  }

  /** A method has been done. Many of them may be in one chunk, and some cost as much as many messages. */
  methodDone(): void {
    if (this.turn.readingTime.isRunningOut(COST_OF_METHOD)) this.waitForTurn()
  }

  /**
   * A message has been routed, and is in its queues. Many small ones to few queues cost less than to ask (scenario a16);
   * one that was routed by more than its key may have cost any time.
   */
  publishDone({ queues, isByKeyOnly }: Route): void {
    if (isByKeyOnly && queues.length <= FEW_QUEUES) return
    const cost = isByKeyOnly ? queues.length : COST_OF_LOOK
    if (this.turn.readingTime.isRunningOut(cost)) this.waitForTurn()
  }

  /** The next turn has come. */
  run(): void {
    this.resume(TIME_USED_UP)
  }

  /** Nothing that comes has a meaning any more. */
  stop(): void {
    this.isStopped = true
  }

  pause(reason: number): void {
    if ((this.reasons & reason) !== 0) return
    this.reasons |= reason
    this.reader.pause()
    this.transport.pause()
  }

  resume(reason: number): void {
    if (this.reasons === 0) return
    this.reasons &= ~reason
    if (this.reasons !== 0) return
    this.transport.resume()
    const { readingTime } = this.turn
    readingTime.begin()
    this.readOn()
    readingTime.end()
  }

  /**
   * Lets one chunk in although reading is paused, to hear whether the peer is alive. False when so much has come in
   * that way that the peer has to be believed.
   */
  listen(): boolean {
    if (!this.isPaused) return true
    if (this.reader.waitingSize >= WAITING_LIMIT) return false
    this.transport.resume()
    return true
  }

  private waitForTurn(): void {
    this.pause(TIME_USED_UP)
    this.turn.addNext(this)
  }

  private readOn(): void {
    while (!this.isStopped && !this.isPaused) {
      try {
        this.reader.resume()
        return
      } catch (error) {
        this.fail(error)
      }
    }
  }
}

/** Time is looked at once in eight of them. */
const COST_OF_METHOD = COST_OF_LOOK / 8

/** A chunk of small publishes to so many takes a few milliseconds. */
const FEW_QUEUES = 4

/** Bytes that may have come from a client while it is not read, one chunk per heartbeat interval. */
const WAITING_LIMIT = 1_048_576

/** A smaller one was all there was, in bytes. */
const LARGE_CHUNK = 32_768
