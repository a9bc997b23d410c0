import { DeliveryWriter } from '../../../src/wire/delivery-writer.ts'
import { BlockPool, Output } from '../../../src/wire/output.ts'
import { newMessage } from '../../support/messages.ts'
import type { Subject } from './subject.ts'

const FRAME_MAX = 131_072
/** A connection hands on about so much at a time. */
const BATCH_SIZE = 65_536

/** A message to the bytes of its delivery, and those to the socket, which is left out. */
export function deliverSubjects(): readonly Subject[] {
  return [16, 1024].map((bodySize) => {
    const message = newMessage({ routingKey: 'queue-0001', body: 'x'.repeat(bodySize) })
    const consumerTag = Buffer.from('\x01c')
    const pool = new BlockPool()
    const output = new Output(pool)
    const writer = new DeliveryWriter(output, 1, FRAME_MAX)
    let tag = 0
    return {
      name: `deliver: ${bodySize} B`,
      run(count) {
        for (let i = 0; i < count; i++) {
          const { encoded } = message.address
          writer.write(consumerTag, ++tag, false, encoded, message)
          if (output.size >= BATCH_SIZE) pool.giveBack(output.take().blocks)
        }
        pool.giveBack(output.take().blocks)
        return count
      },
    }
  })
}
