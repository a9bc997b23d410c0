import { once } from 'node:events'
import type { Table } from '../../../conformance/support/field-table.ts'
import { methodFrame, publishFrames } from '../../../conformance/support/frames.ts'
import { LoadConnection } from '../load/connection.ts'

const BATCH_LENGTH = 1000

/** Publishes small messages to a queue; resolves when all are confirmed. */
export async function fill(url: string, queue: string, count: number, wish: FillWish = {}) {
  const { bodySize = 16, isPersistent = false, expiration } = wish
  const connection = await LoadConnection.open(url)
  await connection.call(1, 'confirm.select')
  const properties = {
    deliveryMode: isPersistent ? 2 : 1,
    ...(expiration === undefined ? {} : { expiration }),
  }
  const message = publishFrames(1, { routingKey: queue }, Buffer.alloc(bodySize, 'x'), properties)
  const batch = Buffer.concat(new Array(BATCH_LENGTH).fill(message))
  const confirmed = new Promise<void>((resolve) => {
    let single = 0
    connection.sink = {
      onConfirm: (_channel, tag, multiple) => {
        single++
        if ((multiple && tag === count) || tag === count || single === count) resolve()
      },
      onDeliver() {},
      onPause() {},
    }
  })
  for (let left = count; left > 0; left -= BATCH_LENGTH) {
    const part = left < BATCH_LENGTH ? batch.subarray(0, left * message.length) : batch
    if (!connection.socket.write(part)) await once(connection.socket, 'drain')
  }
  await confirmed
  await connection.close()
}

export interface FillWish {
  readonly bodySize?: number
  readonly isPersistent?: boolean
  /** Of every message, in milliseconds. */
  readonly expiration?: string
}

/** Declares many queues without waiting for one before the next; resolves when all are there. */
export async function declareMany(
  connection: LoadConnection,
  names: readonly string[],
  args: { readonly durable?: boolean; readonly exclusive?: boolean },
) {
  const declare = (queue: string) =>
    methodFrame(1, 'queue.declare', { queue, ...args, nowait: true })
  connection.socket.write(Buffer.concat(names.map(declare)))
  await connection.call(1, 'queue.declare', { queue: names[0] ?? '', ...args })
}

/** A queue without messages, whatever it was before. */
export async function freshQueue(client: LoadConnection, queue: string, args: Table = []) {
  await client.call(1, 'queue.delete', { queue })
  await client.call(1, 'queue.declare', { queue, durable: true, arguments: args })
}

/** `prefix-0`, `prefix-1` and so on. */
export function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
}
