import { byCase } from '../family.ts'
import { type Outcome, result } from '../outcome.ts'
import type { Peer } from '../peer.ts'
import type { Scenario } from '../scene.ts'
import { steps } from '../steps.ts'

/** Channel 1 as it is when the broker has closed it and the client has not answered yet. */
function closedByBroker(goOn: (peer: Peer) => Promise<Outcome>): Scenario {
  return async (t) => {
    const peer = await t.peer()
    await peer.do('channel.open', {}, 2)
    peer.send('basic.get', { queue: 'nope' })
    await peer.raw.expect(1, 'channel.close')
    return goOn(peer)
  }
}

export const channels = byCase('channels', {
  'channel open twice': steps(['channel.open']),
  'method on unopened channel': async (t) => (await t.peer()).ask('access.request', {}, 7),
  'channel.close on unopened': async (t) =>
    (await t.peer()).ask('channel.close', { replyCode: 200 }, 7),
  'channel.close-ok on unopened': async (t) => {
    const peer = await t.peer()
    peer.send('channel.close-ok', {}, 7)
    return peer.settled()
  },
  'method after channel.close-ok': steps(['channel.close', { replyCode: 200 }], ['access.request']),
  'reopen after close': async (t) => {
    const peer = await t.peer()
    await peer.do('channel.close', { replyCode: 200 })
    await peer.raw.call(1, 'channel.open')
    return result([])
  },
  'method after server close and client close-ok': async (t) => {
    const peer = await t.peer()
    await peer.ask('basic.get', { queue: 'nope' })
    return peer.ask('access.request')
  },
  'channel_max 2, third channel': async (t) => {
    const peer = await t.peer({ tune: { channelMax: 2 } })
    await peer.do('channel.open', {}, 2)
    return peer.ask('channel.open', {}, 3)
  },
  'channel number above channel_max': async (t) => {
    const peer = await t.peer({ tune: { channelMax: 2 } })
    return peer.ask('channel.open', {}, 9)
  },
  'channel.open while the server waits for channel.close-ok': closedByBroker((peer) =>
    peer.ask('channel.open'),
  ),
  'other methods while the server waits for channel.close-ok': closedByBroker(async (peer) => {
    peer.send('queue.declare', { queue: 'q', durable: true })
    peer.raw.publish(1, { routingKey: 'q' }, 'm')
    const outcome = await peer.settled(2)
    return outcome === 'none' ? 'none ignored' : outcome
  }),
  'both sides close the channel': closedByBroker(async (peer) => {
    peer.send('channel.close', { replyCode: 200 })
    await peer.raw.expect(1, 'channel.close-ok')
    return result(['channel.close', 'channel.close-ok'])
  }),
})
