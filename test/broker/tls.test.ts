import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import amqplib from 'amqplib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type AmqpsOptions, type Broker, createBroker } from '../../src/index.ts'
import { type KeyPair, makeCertificate, serialNumberShown } from '../support/certificates.ts'
import { LogLines } from './log-lines.ts'

let directory: string
let ca: KeyPair
let otherCa: KeyPair
let middle: KeyPair
const pairs = new Map<string, KeyPair>()

const LOCAL = 'DNS:localhost,IP:127.0.0.1'

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-tls-'))
  const make = (name: string, options: Parameters<typeof makeCertificate>[2]) =>
    makeCertificate(directory, name, options)
  ca = await make('ca', { subject: '/CN=ca', isAuthority: true })
  otherCa = await make('other-ca', { subject: '/CN=other', isAuthority: true })
  middle = await make('middle', { subject: '/CN=middle', isAuthority: true, issuer: ca })
  const server = { subject: '/CN=server', names: LOCAL, issuer: ca }
  const client = {
    subject: '/CN=hare/O=client',
    names: 'DNS:field.example,DNS:burrow.example,email:hare@example',
    issuer: ca,
  }
  const all = [
    ['server', server],
    ['next', server],
    ['expired', { ...server, isExpired: true }],
    ['elsewhere', { ...server, names: 'DNS:elsewhere.example' }],
    ['client', client],
    ['client-expired', { ...client, isExpired: true }],
    ['client-stranger', { ...client, issuer: otherCa }],
    ['client-below', { ...client, issuer: middle }],
  ] as const
  for (const [name, options] of all) pairs.set(name, await make(name, options))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

function pair(name: string): KeyPair {
  const found = pairs.get(name)
  if (found === undefined) throw new Error(`no certificate ${name}`)
  return found
}

async function start(options: Partial<AmqpsOptions> = {}, log = new LogLines()): Promise<Broker> {
  const amqps = { host: '127.0.0.1', ...pair('server'), ...options }
  const broker = await createBroker({ amqp: { listeners: [] }, amqps, logger: log })
  onTestFinished(() => broker.close())
  return broker
}

/** Options of a client that trusts the authority, with a certificate of its own if it is given. */
async function client(name?: string, more: ConnectionOptions = {}): Promise<ConnectionOptions> {
  const own = name === undefined ? undefined : pair(name)
  const chain = name === 'client-below' ? await readFile(middle.cert, 'utf8') : ''
  const certificate =
    own === undefined
      ? {}
      : { cert: `${await readFile(own.cert, 'utf8')}${chain}`, key: await readFile(own.key) }
  return { ca: await readFile(ca.cert), ...certificate, ...more }
}

async function logIn(broker: Broker, options: object): Promise<amqplib.ChannelModel> {
  const connection = await amqplib.connect(`amqps://localhost:${broker.amqps?.port}`, options)
  connection.on('error', () => {})
  onTestFinished(() => connection.close().catch(() => {}))
  return connection
}

/** Publishes and gets a message, so that the whole way is gone. */
async function expectUsable(connection: amqplib.ChannelModel): Promise<void> {
  const channel = await connection.createConfirmChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  channel.sendToQueue(queue, Buffer.alloc(100_000, 'x'))
  await channel.waitForConfirms()
  const message = await channel.get(queue, { noAck: true })
  expect(message === false ? null : message.content.length).toBe(100_000)
  await channel.close()
}

describe('a client over TLS', () => {
  test('that trusts the authority is served', async () => {
    await expectUsable(await logIn(await start(), await client()))
  })

  test.each([
    ['another authority', 'server', {}, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['an expired certificate', 'expired', {}, 'CERT_HAS_EXPIRED'],
    ['a certificate of another host', 'elsewhere', {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('does not go on with %s', async (what, name, more, code) => {
    const broker = await start(pair(name))
    const trusted = what === 'another authority' ? otherCa : ca
    const options = { ...(await client(undefined, more)), ca: await readFile(trusted.cert) }
    await expect(logIn(broker, options)).rejects.toMatchObject({
      code: expect.stringMatching(new RegExp(`${code}|UNABLE_TO_VERIFY_LEAF_SIGNATURE`)),
    })
  })

  test.each([
    ['TLS 1.1', {}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['TLS 1.2 where 1.3 is asked for', { versions: ['tlsv1.3'] }, { maxVersion: 'TLSv1.2' }],
    ['TLS 1.3 where 1.2 is asked for', { versions: ['tlsv1.2'] }, { minVersion: 'TLSv1.3' }],
  ] as const)('of %s is refused', async (_what, options, more) => {
    const broker = await start(options)
    await expect(logIn(broker, await client(undefined, more))).rejects.toThrow(/alert|closed|hang/)
    await expectUsable(await logIn(broker, await client()))
  })

  test('that speaks no TLS, or nothing, does not keep others out', async () => {
    const broker = await start()
    const port = broker.amqps?.port ?? 0
    const silent = Array.from({ length: 50 }, () => connectTcp(port, '127.0.0.1'))
    const plain = connectTcp(port, '127.0.0.1')
    plain.on('error', () => {})
    plain.write('AMQP\0\0\x09\x01')
    await once(plain, 'close')
    await expectUsable(await logIn(broker, await client()))
    for (const socket of silent) socket.destroy()
  })
})

describe('a client certificate', () => {
  const asked = () => ({ ca: ca.cert, verifiesPeer: true, requiresCert: true })

  test('that is good lets its owner in, and none does not', async () => {
    const broker = await start(asked())
    await expectUsable(await logIn(broker, await client('client')))
    await expect(logIn(broker, await client())).rejects.toThrow()
  })

  test.each(['client-expired', 'client-stranger'])('that is bad does not: %s', async (name) => {
    for (const requiresCert of [true, false]) {
      const log = new LogLines()
      const broker = await start({ ...asked(), requiresCert }, log)
      await expect(logIn(broker, await client(name))).rejects.toThrow()
      expect(log.lines.join('\n')).toMatch(/TLS client 127\.0\.0\.1 is refused: bad certificate/)
    }
  })

  test('may be left out where it is not required', async () => {
    const broker = await start({ ...asked(), requiresCert: false })
    await expectUsable(await logIn(broker, await client()))
  })

  test('may have as many authorities above it as is said', async () => {
    const options = await client('client-below')
    await expectUsable(await logIn(await start(asked()), options))
    await expect(logIn(await start({ ...asked(), depth: 0 }), options)).rejects.toThrow()
  })
})

describe('EXTERNAL', () => {
  const credentials = { credentials: amqplib.credentials.external() }
  const asked = () => ({ ca: ca.cert, verifiesPeer: true })

  test.each([
    ['O=client,CN=hare', { field: 'distinguished_name' }],
    ['hare', { field: 'common_name' }],
    ['burrow.example', { field: 'subject_alternative_name', sanIndex: 1 }],
    ['hare@example', { field: 'subject_alternative_name', sanType: 'email' }],
  ] as const)('logs in as %s', async (user, loginFrom) => {
    const log = new LogLines()
    const broker = await start({ ...asked(), loginFrom }, log)
    const options = { ...(await client('client')), ...credentials }
    await expect(logIn(broker, options)).rejects.toThrow(/ACCESS.REFUSED/)
    expect(log.lines.join('\n')).toContain(
      `EXTERNAL login refused: user '${user}' - invalid credentials`,
    )
    broker.administration.putUser({ name: user, passwordHash: '', tags: [] })
    const all = { configure: '.*', write: '.*', read: '.*' }
    broker.administration.setPermissions(user, '/', all)
    await expectUsable(await logIn(broker, options))
  })

  test('needs a certificate, and a name in it', async () => {
    const log = new LogLines()
    const loginFrom = { field: 'subject_alternative_name', sanIndex: 9 } as const
    const broker = await start({ ...asked(), loginFrom }, log)
    const refused = /ACCESS.REFUSED/
    await expect(logIn(broker, { ...(await client()), ...credentials })).rejects.toThrow(refused)
    const own = await client('client')
    await expect(logIn(broker, { ...own, ...credentials })).rejects.toThrow(refused)
    expect(log.lines.join('\n')).toMatch(/presented no TLS[\s\S]*login refused: no name found/)
  })
})

describe('files that change', () => {
  async function shown(broker: Broker): Promise<string> {
    return await serialNumberShown({ port: broker.amqps?.port ?? 0, ...(await client()) })
  }

  test('are read again, while connections stay', async () => {
    const own = await mkdtemp(join(directory, 'own-'))
    const files = { cert: join(own, 'cert.pem'), key: join(own, 'key.pem') }
    const put = async (name: string) => {
      await copyFile(pair(name).key, files.key)
      await copyFile(pair(name).cert, files.cert)
    }
    await put('server')
    const log = new LogLines()
    const broker = await start(files, log)
    const connection = await logIn(broker, await client())
    const before = await shown(broker)
    await put('next')
    await log.until('read the certificate')
    expect(await shown(broker)).not.toBe(before)
    await writeFile(files.key, 'no key')
    await log.until('has changed and is of no use')
    await expectUsable(await logIn(broker, await client()))
    await expectUsable(connection)
  })

  test.each(['cert', 'key', 'ca'])('and have no %s keep a broker from starting', async (name) => {
    const started = createBroker({ amqps: { ...pair('server'), [name]: join(directory, 'none') } })
    await expect(started).rejects.toMatchObject({ code: 'TLS_INVALID' })
  })
})
