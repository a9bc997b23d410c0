import { encodeTable, type Table } from '../../support/field-table.ts'
import type { Handshake, RawConnection } from '../../support/raw-connection.ts'
import { byCase, byForm } from '../family.ts'
import { type Outcome, SILENCE } from '../outcome.ts'
import { plain, type Scenario, type Scene } from '../scene.ts'

/** Logs in and opens the vhost; `none` where that works. */
export function logIn(options: Handshake): Scenario {
  return async (t) => {
    const raw = await t.dial()
    await raw.login({ ...t.credentials(), ...options })
    const tune = await firstOutcome(t, raw)
    if (tune !== SILENCE) return tune
    return openVhost(t, raw, options.vhost ?? t.target.vhost)
  }
}

/** What answers start-ok: `none` for connection.tune. */
async function firstOutcome(t: Scene, raw: RawConnection): Promise<Outcome> {
  const outcome = await t.peerOn(raw).answer()
  return outcome.startsWith(SILENCE) ? SILENCE : outcome
}

async function openVhost(t: Scene, raw: RawConnection, vhost: string): Promise<Outcome> {
  raw.send(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131072, heartbeat: 0 })
  raw.send(0, 'connection.open', { virtualHost: vhost })
  const outcome = await t.peerOn(raw).answer()
  return outcome.startsWith(SILENCE) ? SILENCE : outcome
}

/** AMQPLAIN's response is a table without the length in front. */
function amqplain(fields: Table): Buffer {
  return encodeTable(fields).subarray(4)
}

const AMQPLAIN = { mechanism: 'AMQPLAIN' }
const WRONG = plain('guest', 'wrong')
const INCAPABLE: Table = [['capabilities', 'F', [['authentication_failure_close', 't', false]]]]

export const logins = byCase('login', {
  'login wrong password, capable': logIn({ response: WRONG }),
  'login wrong password, not capable': logIn({ response: WRONG, clientProperties: INCAPABLE }),
  'login no capabilities table': logIn({ response: WRONG, clientProperties: [] }),
  'login unknown user': logIn({ response: plain('nobody', 'nothing') }),
  'login unknown mechanism': logIn({ mechanism: 'FOO' }),
  'login EXTERNAL': logIn({ mechanism: 'EXTERNAL', response: '' }),
  'login PLAIN malformed': logIn({ response: 'abc' }),
  'login PLAIN empty': logIn({ response: '' }),
  'login PLAIN authzid': logIn({ response: 'x\0guest\0guest' }),
  'login ANONYMOUS': logIn({ mechanism: 'ANONYMOUS', response: '' }),
  'login AMQPLAIN ok': (t) => {
    const { username, password } = t.target
    const fields: Table = [
      ['LOGIN', 'S', username],
      ['PASSWORD', 'S', password],
    ]
    return logIn({ ...AMQPLAIN, response: amqplain(fields) })(t)
  },
  'login AMQPLAIN wrong': logIn({
    ...AMQPLAIN,
    response: amqplain([
      ['LOGIN', 'S', 'guest'],
      ['PASSWORD', 'S', 'wrong'],
    ]),
  }),
  'login AMQPLAIN missing': logIn({
    ...AMQPLAIN,
    response: amqplain([['LOGIN', 'S', 'guest']]),
  }),
  'login AMQPLAIN wrong type': logIn({
    ...AMQPLAIN,
    response: amqplain([
      ['LOGIN', 'I', 1],
      ['PASSWORD', 'S', 'guest'],
    ]),
  }),
  'login AMQPLAIN garbage': logIn({ ...AMQPLAIN, response: 'garbage' }),
  'login PLAIN lower case': logIn({ mechanism: 'plain' }),
  'login empty password': logIn({ response: plain('guest', '') }),
  'vhost missing': logIn({ vhost: 'nope' }),
  'vhost empty': logIn({ vhost: '' }),
  'vhost no permission': async (t) => {
    await t.operator.addVhost('lv')
    await t.operator.addUser('tp', 'tp')
    return logIn({ response: plain('tp', 'tp'), vhost: 'lv' })(t)
  },
})

/** `tune-ok [2047, 8192, 60]` */
export const tuning = byForm(
  'tuning',
  'case',
  /^tune-ok \[(\d+), (\d+), (\d+)\]$/,
  ([channelMax, frameMax, heartbeat]) =>
    async (t) => {
      const raw = await t.dial()
      await raw.login(t.credentials())
      await raw.expect(0, 'connection.tune')
      raw.send(0, 'connection.tune-ok', {
        channelMax: Number(channelMax),
        frameMax: Number(frameMax),
        heartbeat: Number(heartbeat),
      })
      raw.send(0, 'connection.open', { virtualHost: t.target.vhost })
      const outcome = await t.peerOn(raw).answer()
      return outcome.startsWith(SILENCE) ? SILENCE : outcome
    },
)

export const secrets = byCase('login', {
  'update-secret': updateSecret('guest'),
  'update-secret wrong': updateSecret('wrong'),
})

function updateSecret(newSecret: string): Scenario {
  return async (t) => {
    const peer = await t.peer()
    return peer.ask('connection.update-secret', { newSecret, reason: 'renewed' }, 0)
  }
}
