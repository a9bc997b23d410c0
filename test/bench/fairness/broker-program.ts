/**
 * A broker in a process of its own that measures how long its event loop stands still, and does what only an operator
 * can. Its one argument is the directory of its data; without it nothing is kept. Its parent talks to it in `Order`s
 * and hears an `Answer` to each; it closes when the parent is gone.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createBroker } from '../../../src/index.ts'
import type { Answer, Order } from './orders.ts'

const dataDir = process.argv[2]
const broker = await createBroker({
  ...(dataDir === undefined ? {} : { dataDir }),
  consumerTimeoutMs: null,
})
const { administration } = broker
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()

function obey(order: Order): void {
  switch (order.do) {
    case 'collect-garbage':
      globalThis.gc?.()
      return
    case 'begin':
      delays.reset()
      return
    case 'end':
      return
    case 'add-vhost':
      administration.addVhost(order.vhost)
      administration.setPermissions('guest', order.vhost, {
        configure: '.*',
        write: '.*',
        read: '.*',
      })
      return
    case 'delete-vhost':
      administration.deleteVhost(order.vhost)
      return
    case 'set-policy':
      administration.setPolicy('/', order.policy)
      return
    case 'delete-policy':
      administration.deletePolicy('/', order.name)
  }
}

function tell(answer: Answer): void {
  process.send?.(answer)
}

process.on('message', (order: Order) => {
  const startMs = performance.now()
  obey(order)
  tell({ tookMs: performance.now() - startMs, stallMs: delays.max / 1e6 })
})
process.on('disconnect', () => void broker.close().then(() => process.exit()))
tell({ url: broker.url })
