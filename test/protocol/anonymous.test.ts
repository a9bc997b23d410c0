import { describe, expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '../../src/protocol/protocol-header.ts'
import type { Settings } from '../../src/protocol/services.ts'
import * as wire from '../../src/wire/methods.ts'
import { TestBroker } from '../support/test-broker.ts'
import { startOk } from '../support/test-client.ts'

const ALLOWED = { mechanisms: ['PLAIN', 'ANONYMOUS'] }
const GUEST = { user: 'guest', password: 'guest' }
const ELSEWHERE = { peerHost: '192.0.2.1', peerPort: 1, host: '192.0.2.2', port: 5672 }

/** What a client is told that logs in without saying who it is. */
function logIn(settings: Partial<Settings>, from?: typeof ELSEWHERE) {
  const broker = new TestBroker(settings)
  const client = broker.accept(from)
  const [start] = client.call(PROTOCOL_HEADER)
  const capabilities = ['authentication_failure_close']
  const answer = client.call(startOk({ mechanism: 'ANONYMOUS', response: 'x', capabilities }))
  return {
    offered: start?.id === wire.CONNECTION_START ? `${start.mechanisms}` : '',
    answer: answer.map(({ id }) => id),
  }
}

describe('ANONYMOUS', () => {
  test('logs in as the user that is said, whatever the client says', () => {
    const { offered, answer } = logIn({ ...ALLOWED, anonymousLogin: GUEST })
    expect(offered).toBe('PLAIN ANONYMOUS')
    expect(answer).toEqual([wire.CONNECTION_TUNE])
  })

  test('needs the password of that user to be right', () => {
    const anonymousLogin = { user: 'guest', password: 'other' }
    expect(logIn({ ...ALLOWED, anonymousLogin }).answer).toEqual([wire.CONNECTION_CLOSE])
  })

  test('is refused from elsewhere when that user may log in from here alone', () => {
    const settings = { ...ALLOWED, anonymousLogin: GUEST }
    expect(logIn(settings, ELSEWHERE).answer).toEqual([wire.CONNECTION_CLOSE])
    const open = { ...settings, loopbackUsers: new Set<string>() }
    expect(logIn(open, ELSEWHERE).answer).toEqual([wire.CONNECTION_TUNE])
  })

  test('is not offered where nobody is said, nor where it is not asked for', () => {
    expect(logIn({ ...ALLOWED, anonymousLogin: null })).toEqual({
      offered: 'PLAIN',
      answer: [wire.CONNECTION_CLOSE],
    })
    expect(logIn({ mechanisms: ['PLAIN'], anonymousLogin: GUEST }).offered).toBe('PLAIN')
  })
})
