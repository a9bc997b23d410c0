import type { Table } from '../common/table.ts'
import type { MessageProperties } from '../core/message.ts'
import { Cursor } from '../wire/cursor.ts'
import { type PropertiesScan, readHeaders, scanProperties } from '../wire/properties.ts'

/** Properties as they came, checked once, and what was found in them. */
export class EncodedProperties implements MessageProperties {
  readonly encoded: Buffer
  readonly scan: PropertiesScan

  /** Throws DecodeError for bytes that are no properties. */
  constructor(encoded: Buffer) {
    this.encoded = encoded
    this.scan = scanProperties(cursor.reset(encoded, 0, encoded.length))
  }

  get isPersistent(): boolean {
    return this.scan.deliveryMode === PERSISTENT
  }

  get hasHeaders(): boolean {
    return this.scan.hasHeaders
  }

  headers(): Table {
    return readHeaders(this.encoded)
  }
}

const PERSISTENT = 2
const cursor = new Cursor()
