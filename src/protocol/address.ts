import type { Address } from '../core/message.ts'
import { ByteWriter, shortstrSize } from '../wire/byte-writer.ts'

/** Exchange and routing key, and how every delivery writes them: two short strings, one after the other. */
export class EncodedAddress implements Address {
  readonly exchange: string
  readonly routingKey: string
  readonly routingKeys: readonly [string]
  readonly encoded: Buffer

  /** `encoded` must be the encoding of the two names. */
  constructor(exchange: string, routingKey: string, encoded: Buffer) {
    this.exchange = exchange
    this.routingKey = routingKey
    this.routingKeys = [routingKey]
    this.encoded = encoded
  }

  static of(exchange: string, routingKey: string): EncodedAddress {
    const size = shortstrSize(exchange) + shortstrSize(routingKey)
    const writer = new ByteWriter(Buffer.allocUnsafe(size))
    writer.shortstr(exchange)
    writer.shortstr(routingKey)
    return new EncodedAddress(exchange, routingKey, writer.block)
  }

  to(exchange: string, routingKey: string): Address {
    return EncodedAddress.of(exchange, routingKey)
  }

  at(exchange: string): Address {
    const routingKey = this.encoded.subarray(1 + this.encoded[0]!)
    const writer = new ByteWriter(Buffer.allocUnsafe(shortstrSize(exchange) + routingKey.length))
    writer.shortstr(exchange)
    writer.bytes(routingKey)
    return new EncodedAddress(exchange, this.routingKey, writer.block)
  }
}
