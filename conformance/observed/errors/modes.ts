import { byCase } from '../family.ts'
import { result } from '../outcome.ts'
import { message, prepare, queue, type Step, steps } from '../steps.ts'

const TX: Step = ['tx.select']
const CONFIRM: Step = ['confirm.select']
const COMMIT: Step = ['tx.commit']

export const modes = byCase('channel modes', {
  'confirm then tx': steps(CONFIRM, TX),
  'tx then confirm': steps(TX, CONFIRM),
  'commit no tx': steps(COMMIT),
  'rollback no tx': steps(['tx.rollback']),
  'commit on confirm': steps(CONFIRM, COMMIT),
  'tx twice': steps(TX, TX),
  'confirm twice': steps(CONFIRM, CONFIRM),
  'partial tx': steps(
    queue('q', [
      ['x-max-length', 'I', 1],
      ['x-overflow', 'S', 'reject-publish'],
    ]),
    message(),
    TX,
    message(),
    COMMIT,
  ),
  'tx commit to deleted queue': async (t) => {
    const peer = await t.peer()
    await prepare(peer, queue(), TX, message())
    await peer.do('channel.open', {}, 2)
    await peer.do('queue.delete', { queue: 'q' }, 2)
    return peer.ask('tx.commit')
  },
  'tx unroutable mandatory': async (t) => {
    const peer = await t.peer()
    await prepare(peer, TX, { publish: { routingKey: 'nowhere', mandatory: true } })
    const outcome = await peer.ask('tx.commit')
    const before = peer.unasked.map((method) => method.name)
    return outcome === 'none []' ? result([...before, 'tx.commit-ok']) : outcome
  },
  'tx publish to missing exchange': steps(TX, { publish: { exchange: 'nope' } }),
})
