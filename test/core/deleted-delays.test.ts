import { expect, test } from 'vitest'
import { Deadlines } from '../../src/common/deadlines.ts'
import { longstr } from '../../src/common/table.ts'
import type { Message } from '../../src/core/message.ts'
import { Vhost } from '../../src/core/vhost.ts'
import { collectGarbage } from '../support/garbage-collector.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { newMessage } from '../support/messages.ts'
import { vhostHost } from '../support/vhost-host.ts'

test('delayed messages go with their exchange, those of others stay', async () => {
  const { vhost, clock, delay, held } = delaying('gone', 'stays')
  delay('gone', 1000)
  delay('stays', 2000)
  delay('gone', 3000)
  vhost.deleteExchange('gone', false)
  expect(await held()).toBe(1)
  expect(vhost.exchanges.get('stays').delayedCount).toBe(1)
  clock.advance(2000)
  expect(vhost.queues.find('q')?.readyCount).toBe(1)
  expect(clock.timerCount).toBe(0)
})

test('delayed messages go with their vhost, which leaves no timer', async () => {
  const { vhost, clock, deadlines, delay, held } = delaying('x')
  delay('x', 4_000_000_000)
  vhost.close()
  expect(await held()).toBe(0)
  deadlines.after(0, () => {})
  clock.advance(0)
  expect(clock.timerCount).toBe(0)
})

/** A vhost with these delayed exchanges, all bound to a queue; `held` counts the messages that are still in memory. */
function delaying(...exchanges: readonly string[]) {
  const clock = new ManualClock()
  const deadlines = new Deadlines(clock)
  const vhost = new Vhost('/', vhostHost({ clock, deadlines }))
  const owned = { vhost: '/', durable: false, autoDelete: false, arguments: new Map() }
  const user = {}
  vhost.declareQueue({ ...owned, name: 'q', type: 'classic', exclusiveOwner: null }, user)
  for (const name of exchanges) {
    const args = new Map([['x-delayed-type', longstr('fanout')]])
    const type = 'x-delayed-message'
    vhost.declareExchange({ ...owned, name, type, internal: false, arguments: args })
    vhost.bind(name, { kind: 'queue', name: 'q' }, '', new Map(), user)
  }
  const messages: WeakRef<Message>[] = []
  const delay = (name: string, delayMs: number): void => {
    const headers = new Map([['x-delay', { type: 'long', value: BigInt(delayMs) } as const]])
    const message = newMessage({ exchange: name, headers })
    messages.push(new WeakRef(message))
    vhost.enqueue(message, vhost.route(vhost.exchanges.get(name), message))
  }
  const held = async (): Promise<number> => {
    await collectGarbage()
    return messages.filter((message) => message.deref() !== undefined).length
  }
  return { vhost, clock, deadlines, delay, held }
}
