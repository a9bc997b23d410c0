import type { History } from '../../src/core/dead-letter/history.ts'
import { Message, type MessageProperties } from '../../src/core/message.ts'
import type { MessageFactory, MessageParts } from '../../src/core/ports.ts'
import { EncodedAddress } from '../../src/protocol/address.ts'
import type { Random } from './simulated-disk-random.ts'

/** A message of which everything that a store keeps is there now and then, with a body that its number tells. */
export function anyMessage(random: Random, number: number): Message {
  const address = EncodedAddress.of(random.pick(NAMES), random.pick(NAMES))
  const properties = new OpaqueProperties(Buffer.alloc(random.below(40), `p${number}`))
  const extraKeys = random.chance(0.1) ? { cc: ['cc', `${number}`], bcc: ['bcc'] } : null
  const history = random.chance(0.1) ? historyOf(number, number % 3) : null
  const body = Buffer.alloc(anySize(random), `${number} `)
  return new Message(address, properties, inMemory(body, random), extraKeys, history)
}

/** Whether two messages are the same in everything that a store keeps. */
export function isSameMessage(one: Message, other: Message): boolean {
  return (
    one.address.exchange === other.address.exchange &&
    one.address.routingKey === other.address.routingKey &&
    one.properties.encoded.equals(other.properties.encoded) &&
    JSON.stringify(one.extraKeys) === JSON.stringify(other.extraKeys) &&
    one.history?.acquiredCount === other.history?.acquiredCount &&
    one.history?.failedCount === other.history?.failedCount &&
    one.bodySize === other.bodySize &&
    bodyOf(one).equals(bodyOf(other))
  )
}

/** As the protocol layer makes them, but for the properties, which are any bytes here. */
export const WORKLOAD_MESSAGES: MessageFactory = {
  create({ address, properties, body, extraKeys, history }: MessageParts): Message {
    const exchangeEnd = 1 + address[0]!
    return new Message(
      EncodedAddress.of(
        address.toString('utf8', 1, exchangeEnd),
        address.toString('utf8', exchangeEnd + 1),
      ),
      new OpaqueProperties(properties),
      { body, bodyStart: 0, bodySize: body.length, bodyParts: null },
      extraKeys,
      history === null ? null : historyOf(history.acquiredCount, history.failedCount),
    )
  },
}

function bodyOf({ body, bodyStart, bodySize, bodyParts }: Message): Buffer {
  return bodyParts === null
    ? body.subarray(bodyStart, bodyStart + bodySize)
    : Buffer.concat(bodyParts)
}

/** A body in the two ways in which they lie in memory: among others, or in the slices it came in. */
function inMemory(body: Buffer, random: Random) {
  if (random.chance(0.3)) {
    const cut = random.below(body.length + 1)
    const bodyParts = [body.subarray(0, cut), body.subarray(cut)]
    return { body: Buffer.alloc(0), bodyStart: 0, bodySize: body.length, bodyParts }
  }
  const bodyStart = random.below(10)
  const shared = Buffer.concat([Buffer.alloc(bodyStart, '-'), body, Buffer.alloc(3, '-')])
  return { body: shared, bodyStart, bodySize: body.length, bodyParts: null }
}

/** Mostly small; now and then larger than many log files. */
function anySize(random: Random): number {
  const chosen = random.next()
  if (chosen < 0.03) return 0
  if (chosen < 0.9) return random.between(1, 200)
  if (chosen < 0.99) return random.between(200, 4000)
  return random.between(4000, 300_000)
}

function historyOf(acquiredCount: number, failedCount: number): History {
  return { deaths: [], first: null, acquiredCount, failedCount }
}

const NAMES = ['', 'a', 'orders.created', 'ü', 'x'.repeat(100)]

/** Storage passes them on as they are. */
class OpaqueProperties implements MessageProperties {
  readonly encoded: Buffer
  readonly isPersistent = true
  readonly hasHeaders = false
  readonly priority = -1
  readonly expiration = null

  constructor(encoded: Buffer) {
    this.encoded = encoded
  }

  text(): null {
    return null
  }

  headers(): ReturnType<MessageProperties['headers']> {
    return new Map()
  }

  withHeaders(): MessageProperties {
    return this
  }

  withoutExpiration(): MessageProperties {
    return this
  }
}
