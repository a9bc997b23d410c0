import { batchesOf } from '../batches.ts'
import type { Curve, Series } from '../curve.ts'
import { DeliveryCounter } from '../delivery-counter.ts'

const POINTS = [
  0, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
]

/** Bytes on the way. */
const WINDOW_BYTES = 33_554_432

export const messageSize: Series = {
  name: 'message-size',
  title: 'Message size',
  axis: 'bytes of a body',
  item: null,
  curves: [curve('transient', false), curve('persistent, durable queue', true)],
}

function curve(name: string, isDurable: boolean): Curve {
  return {
    name,
    points: POINTS,
    prepare: async (stand, size) => {
      const window = Math.max(4, Math.min(20_000, Math.floor(WINDOW_BYTES / Math.max(1, size))))
      const ackEvery = isDurable ? Math.max(1, Math.min(100, Math.floor(window / 8))) : 0
      const consuming = await stand.connect()
      await consuming.call(1, 'queue.declare', { queue: 'queue', durable: isDurable })
      await consuming.call(1, 'basic.qos', { prefetchCount: Math.min(window, 1000) })
      await consuming.call(1, 'basic.consume', { queue: 'queue', noAck: !isDurable })
      const batches = batchesOf({ keys: ['queue'], bodySize: size, isPersistent: isDurable })
      stand.bring({
        publishers: [{ connection: await stand.connect(), batches }],
        consumers: [new DeliveryCounter(consuming)],
        window,
        ackEvery,
      })
    },
  }
}
