import { erlangTerm } from '../../common/erlang-term.ts'
import { integerOf, type Table } from '../../common/table.ts'
import type { Message } from '../message.ts'
import { preconditionFailed } from '../refusal.ts'
import type { Destinations } from './destinations.ts'
import { FanoutRouter } from './fanout.ts'

/**
 * `x-recent-history`: a fanout that gives whoever is bound the last messages for a start (recent history plug-in). A
 * message with the header `x-recent-history-no-store` is not kept.
 */
export class RecentHistoryRouter extends FanoutRouter {
  override readonly isByKeyOnly: boolean = false
  private readonly length: number
  private readonly messages: Message[] = []

  /** Throws the Refusal of RabbitMQ for a length that is no positive integer. */
  constructor(args: Table) {
    super()
    this.length = lengthIn(args)
  }

  override route(message: Message, found: Destinations): void {
    if (!isFlagged(message.headers)) {
      this.messages.push(message)
      if (this.messages.length > this.length) this.messages.shift()
    }
    super.route(message, found)
  }

  replay(): readonly Message[] {
    return [...this.messages] // to replay may lead back here
  }
}

const DEFAULT_LENGTH = 20

function lengthIn(args: Table): number {
  const field = args.get('x-recent-history-length')
  if (field === undefined) return DEFAULT_LENGTH
  const length = integerOf(field)
  if (length !== null && length > 0) return length
  throw preconditionFailed(
    `Invalid argument ${erlangTerm(field)}, 'x-recent-history-length' must be a positive integer`,
  )
}

function isFlagged(headers: Table): boolean {
  const field = headers.get('x-recent-history-no-store')
  return field?.type === 'bool' && field.value
}
