import { byCase } from '../family.ts'
import { message, queue, type Step, steps } from '../steps.ts'

const GET: Step = ['basic.get', { queue: 'q' }]
const ack = (deliveryTag: number | bigint, multiple = false): Step => [
  'basic.ack',
  { deliveryTag, multiple },
]
const nack = (deliveryTag: number, multiple = false): Step => [
  'basic.nack',
  { deliveryTag, multiple, requeue: true },
]
const reject = (deliveryTag: number): Step => ['basic.reject', { deliveryTag, requeue: true }]
/** As many messages, all handed out and none acknowledged. */
const outstanding = (count: number): Step[] => [
  queue(),
  ...Array.from({ length: count }, () => message()),
  ...Array.from({ length: count }, () => GET),
]

export const deliveryTags = byCase('delivery tags', {
  'tag: ack never issued': steps(ack(99)),
  'tag: ack twice': steps(...outstanding(1), ack(1), ack(1)),
  'tag: ack after noack': steps(
    queue(),
    message(),
    ['basic.get', { queue: 'q', noAck: true }],
    ack(1),
  ),
  'tag: ack 0 single': steps(...outstanding(1), ack(0)),
  'tag: ack 0 multiple': steps(...outstanding(2), ack(0, true)),
  'tag: ack 0 multiple none outstanding': steps(ack(0, true)),
  'tag: nack 0 multiple': steps(...outstanding(2), nack(0, true)),
  'tag: nack 0 multiple none outstanding': steps(nack(0, true)),
  'tag: nack unknown': steps(nack(99)),
  'tag: reject unknown': steps(reject(99)),
  'tag: reject 0': steps(...outstanding(1), reject(0)),
  'tag: nack 0': steps(...outstanding(1), nack(0)),
  'tag: ack multiple beyond last': steps(...outstanding(2), ack(99, true)),
  'tag: ack multiple on settled 2 with 1 open': steps(...outstanding(2), ack(2), ack(2, true)),
  'tag: ack multiple upto 3 with 2 settled': steps(...outstanding(3), ack(2), ack(3, true)),
  'tag: ack huge': steps(ack(18446744073709551615n)),
  'tag: other channel': async (t) => {
    const peer = await t.peer()
    await peer.do('queue.declare', { queue: 'q', durable: true })
    await peer.publish({ routingKey: 'q' }, 'm')
    await peer.do('basic.get', { queue: 'q' })
    await peer.do('channel.open', {}, 2)
    return peer.ask('basic.ack', { deliveryTag: 1 }, 2)
  },
  'tag: unknown in tx': steps(['tx.select'], ack(5)),
})
