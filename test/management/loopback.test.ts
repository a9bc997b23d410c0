import { describe, expect, onTestFinished, test } from 'vitest'
import { Administration } from '../../src/administration.ts'
import { authenticate, logIn } from '../../src/management/access.ts'
import type { ManagedBroker } from '../../src/management/managed-broker.ts'
import { Management } from '../../src/management/server.ts'
import { managedBroker } from '../../src/management-host.ts'
import { TestBroker } from '../support/test-broker.ts'

const PASSWORD = 'operator'

function brokerWhere(loopbackUsers: readonly string[]): ManagedBroker {
  const { services } = new TestBroker({ loopbackUsers: new Set(loopbackUsers) })
  const administration = new Administration(services)
  const managed = managedBroker(services, administration, '', () => [])
  const management = new Management(managed)
  onTestFinished(() => management.close())
  administration.addUser('operator', PASSWORD, ['administrator'])
  return managed
}

/** What a login from an address comes to: by header, and by the form of a page. */
function outcomes(broker: ManagedBroker, host: string, password = PASSWORD): Promise<unknown[]> {
  const peer = { host, hangUp: () => {} }
  const header = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`
  const logins = [
    authenticate(broker, header, peer, 'management'),
    logIn(broker, { name: 'operator', password }, peer),
  ]
  return Promise.all(
    logins.map((login) =>
      login.then(
        ({ name }) => name,
        (error: unknown) => error,
      ),
    ),
  )
}

const REFUSAL = {
  status: 401,
  body: { error: 'not_authorised', reason: 'User can only log in via localhost' },
}

describe('a user who may log in from this machine only', () => {
  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
    'is let in from %s',
    async (host) => {
      expect(await outcomes(brokerWhere(['operator']), host)).toEqual(['operator', 'operator'])
    },
  )

  test.each(['10.0.0.1', '128.0.0.1', '::ffff:10.0.0.1', 'fe80::1', ''])(
    'is refused from "%s"',
    async (host) => {
      expect(await outcomes(brokerWhere(['operator']), host)).toMatchObject([REFUSAL, REFUSAL])
    },
  )

  test('is told of a wrong password first', async () => {
    const refusal = { status: 401, body: { reason: 'Not_Authorized' } }
    expect(await outcomes(brokerWhere(['operator']), '10.0.0.1', 'wrong')).toMatchObject([
      refusal,
      refusal,
    ])
  })
})

test('others are let in from anywhere', async () => {
  expect(await outcomes(brokerWhere(['guest']), '10.0.0.1')).toEqual(['operator', 'operator'])
})
