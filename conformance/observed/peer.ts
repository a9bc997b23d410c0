import type { Properties } from '../support/content-header.ts'
import type { Arguments, Method } from '../support/methods.ts'
import type { Incoming, RawConnection, RawMessage } from '../support/raw-connection.ts'
import { describe } from '../support/raw-connection.ts'
import { closeOutcome, type Outcome, replyOutcome, SILENCE, SOCKET_CLOSED } from './outcome.ts'

const UNANSWERED = new Set([
  'basic.ack',
  'basic.nack',
  'basic.reject',
  'basic.recover-async',
  'channel.close-ok',
])

/** What the broker may send at any time, besides replies. */
const UNASKED = new Set([
  'basic.deliver',
  'basic.return',
  'basic.ack',
  'basic.nack',
  'basic.cancel',
  'connection.blocked',
  'connection.unblocked',
])

/** A raw connection that sends one thing and says how the broker answered it. */
export class Peer {
  readonly raw: RawConnection
  /** What came unasked while a reply was awaited, in order. */
  readonly unasked: Method[] = []
  private readonly onSend: (name: string, args: Arguments) => void

  constructor(raw: RawConnection, onSend: (name: string, args: Arguments) => void) {
    this.raw = raw
    this.onSend = onSend
  }

  send(name: string, args: Arguments = {}, channel = 1): void {
    this.onSend(name, args)
    this.raw.send(channel, name, args)
  }

  /** Sends a method and gives its outcome; a method without a reply is followed by one that has. */
  async ask(name: string, args: Arguments = {}, channel = 1): Promise<Outcome> {
    this.send(name, args, channel)
    return UNANSWERED.has(name) ? this.settled(channel) : this.answer()
  }

  /** Publishes and gives the outcome of that. */
  async publish(
    args: Arguments,
    body: Buffer | string = '',
    properties?: Properties,
    channel = 1,
  ): Promise<Outcome> {
    this.raw.publish(channel, args, body, properties)
    return this.settled(channel)
  }

  /** Sends a method that has to succeed. */
  async do(name: string, args: Arguments = {}, channel = 1): Promise<void> {
    const outcome = await this.ask(name, args, channel)
    if (!outcome.startsWith(SILENCE)) throw new Error(`set-up: ${name} was refused\n${outcome}`)
  }

  /** `none`, if what was sent so far on the channel costs neither channel nor connection. */
  async settled(channel = 1): Promise<Outcome> {
    this.raw.send(channel, 'basic.qos', { prefetchCount: 0 })
    const outcome = await this.answer()
    return outcome.startsWith(SILENCE) ? SILENCE : outcome
  }

  /** The outcome that comes next. Closes are answered. */
  async answer(): Promise<Outcome> {
    for (;;) {
      const item = await this.raw.next('an answer')
      if (item.kind === 'end') return SOCKET_CLOSED
      if (item.kind === 'unreadable' || item.kind === 'bytes') throw new Error(describe(item))
      if (item.kind !== 'method') continue
      if (UNASKED.has(item.name)) {
        this.unasked.push(item)
        continue
      }
      return /^(channel|connection)\.close$/.test(item.name)
        ? this.closed(item)
        : replyOutcome(item.args)
    }
  }

  /** The next message that is delivered to a consumer of channel 1. */
  async delivery(): Promise<RawMessage> {
    return this.raw.message(1, 'basic.deliver')
  }

  private closed(item: Incoming & { kind: 'method' }): Outcome {
    this.raw.send(item.channel, `${item.name}-ok`)
    return closeOutcome(item)
  }
}
