import assert from 'node:assert/strict'
import type { MethodInfo } from '../../../src/wire/methods.ts'
import type { ConformanceCase } from '../../support/case.ts'
import { methodFrame, PROTOCOL_HEADER } from '../../support/frames.ts'
import { describe, type RawConnection } from '../../support/raw-connection.ts'
import type { Session } from '../../support/session.ts'

/** Stages of a connection at which nothing may be done yet, and what goes on with it. */
const STAGES = [
  { what: 'before the login', reach: asked, goesOn: 'connection.start-ok' },
  { what: 'before a vhost is open', reach: loggedIn, goesOn: 'connection.tune-ok' },
] as const

/** Every method that a client can send, sent before it is let in: it is never answered, and the connection ends. */
export function earlyCases(methods: readonly MethodInfo[]): readonly ConformanceCase[] {
  return STAGES.map(({ what, reach, goesOn }) => ({
    name: `every method but ${goesOn} is refused ${what}`,
    source: 'errors.md 5.1',
    run: async (t: Session) => {
      // at once: RabbitMQ keeps each of them waiting
      const tried = methods.map(async ({ name }) => {
        if (name === goesOn) return []
        const raw = await t.dial()
        await reach(raw, t)
        raw.sendBytes(methodFrame(name.startsWith('connection.') ? 0 : 1, name))
        const answer = await answerOn(raw)
        return answer === null ? [] : [`${name}: ${answer}`]
      })
      assert.deepEqual((await Promise.all(tried)).flat(), [])
    },
  }))
}

async function asked(raw: RawConnection): Promise<void> {
  raw.sendBytes(PROTOCOL_HEADER)
  await raw.expect(0, 'connection.start')
}

async function loggedIn(raw: RawConnection, t: Session): Promise<void> {
  await raw.login(t.credentials())
  await raw.expect(0, 'connection.tune')
}

/** What else comes than the end of the connection; null for nothing. */
async function answerOn(raw: RawConnection): Promise<string | null> {
  const item = await raw.next('the end of the connection')
  if (item.kind === 'end') return null
  const isEnd =
    item.kind === 'method' &&
    (item.name === 'connection.close-ok' ||
      (item.name === 'connection.close' && item.args.replyCode !== 200))
  return isEnd ? null : describe(item)
}
