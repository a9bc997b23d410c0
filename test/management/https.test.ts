import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  type Broker,
  type BrokerOptions,
  createBroker,
  type ManagementTlsOptions,
} from '../../src/index.ts'
import { LogLines } from '../broker/log-lines.ts'
import { ApiClient } from '../support/api-client.ts'
import { type KeyPair, makeCertificate, serialNumberShown } from '../support/certificates.ts'

let directory: string
let ca: KeyPair
const pairs = new Map<string, KeyPair>()

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-https-'))
  ca = await makeCertificate(directory, 'ca', { subject: '/CN=ca', isAuthority: true })
  const stranger = await makeCertificate(directory, 'o', { subject: '/CN=o', isAuthority: true })
  const server = { subject: '/CN=server', names: 'DNS:localhost,IP:127.0.0.1', issuer: ca }
  const client = { subject: '/CN=hare', issuer: ca }
  const all = [
    ['server', server],
    ['next', server],
    ['expired', { ...server, isExpired: true }],
    ['client', client],
    ['client-expired', { ...client, isExpired: true }],
    ['client-stranger', { ...client, issuer: stranger }],
  ] as const
  for (const [name, options] of all) {
    pairs.set(name, await makeCertificate(directory, name, options))
  }
})

afterAll(() => rm(directory, { recursive: true, force: true }))

function pair(name: string): KeyPair {
  const found = pairs.get(name)
  if (found === undefined) throw new Error(`no certificate ${name}`)
  return found
}

async function start(
  tls: Partial<ManagementTlsOptions> = {},
  more: BrokerOptions = {},
): Promise<Broker> {
  const options = { host: '127.0.0.1', ...pair('server'), ...tls }
  const amqp = { host: '127.0.0.1' }
  const broker = await createBroker({
    amqp,
    managementTls: options,
    prometheusTls: options,
    ...more,
  })
  onTestFinished(() => broker.close())
  return broker
}

interface Reply {
  readonly status: number
  readonly body: string
}

/** What is served at a port over TLS to guest, who shows a certificate if one is named. */
async function ask(
  port: number | undefined,
  path: string,
  own?: string,
  more: ConnectionOptions = {},
): Promise<Reply> {
  const shown =
    own === undefined
      ? {}
      : { cert: await readFile(pair(own).cert), key: await readFile(pair(own).key) }
  const login = Buffer.from('guest:guest').toString('base64')
  return await new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        ...(port === undefined ? {} : { port }),
        path,
        agent: false,
        headers: { authorization: `Basic ${login}` },
        ca: more.ca,
        ...shown,
        ...more,
      },
      (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += String(chunk)
        })
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

async function trusting(): Promise<ConnectionOptions> {
  return { ca: await readFile(ca.cert) }
}

describe('over TLS', () => {
  test('API, page and metrics are served as without it', async () => {
    const broker = await start()
    const api = broker.managementTls?.port
    const whoami = await ask(api, '/api/whoami', undefined, await trusting())
    expect(JSON.parse(whoami.body)).toMatchObject({ name: 'guest' })
    expect((await ask(api, '/metrics', undefined, await trusting())).body).toContain('rabbitmq_')
    const metrics = await ask(broker.prometheusTls?.port, '/metrics', undefined, await trusting())
    expect(metrics).toMatchObject({ status: 200, body: expect.stringContaining('rabbitmq_') })
    expect([broker.management, broker.prometheus]).toEqual([null, null])
  })

  test('they may be served beside the plain ones, which stay plain', async () => {
    const plain = { host: '127.0.0.1' }
    const broker = await start({}, { management: plain, prometheus: plain })
    expect((await new ApiClient(broker).get('/api/whoami')).status).toBe(200)
    const secure = await ask(broker.managementTls?.port, '/api/whoami', undefined, await trusting())
    expect(secure.status).toBe(200)
    await expect(ask(broker.management?.port, '/', undefined, await trusting())).rejects.toThrow()
  })

  test('a client that speaks no TLS gets no answer', async () => {
    const broker = await start()
    const socket = connectTcp(broker.managementTls?.port ?? 0, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += String(chunk)
    })
    socket.write('GET /api/whoami HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'close')
    expect(heard).not.toContain('HTTP/')
  })

  test.each([
    ['an authority nobody knows', 'server', {}, /SELF_SIGNED|UNABLE_TO_VERIFY/],
    ['a certificate that has expired', 'expired', { ca: true }, /CERT_HAS_EXPIRED/],
  ])('a client does not go on with %s', async (_what, name, trust, code) => {
    const broker = await start(pair(name))
    const options = 'ca' in trust ? await trusting() : {}
    await expect(
      ask(broker.managementTls?.port, '/api/whoami', undefined, options),
    ).rejects.toMatchObject({ code: expect.stringMatching(code) })
  })

  test.each([
    ['TLS 1.1', {}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['TLS 1.2 where 1.3 is asked for', { versions: ['tlsv1.3'] }, { maxVersion: 'TLSv1.2' }],
    ['TLS 1.3 where 1.2 is asked for', { versions: ['tlsv1.2'] }, { minVersion: 'TLSv1.3' }],
  ] as const)('%s is refused', async (_what, options, more) => {
    const log = new LogLines()
    const broker = await start(options, { logger: log })
    for (const port of [broker.managementTls?.port, broker.prometheusTls?.port]) {
      await expect(
        ask(port, '/metrics', undefined, { ...(await trusting()), ...more }),
      ).rejects.toThrow(/alert|version|closed|hang/)
      expect((await ask(port, '/metrics', undefined, await trusting())).status).toBe(200)
    }
    for (const line of await log.until('TLS handshake with 127.0.0.1 failed', 2)) {
      expect(line).toBe(line.trim())
    }
  })
})

describe('client certificates', () => {
  const asked = () => ({ ca: ca.cert, verifiesPeer: true, requiresCert: true })

  test('that are good let their owners in, and none does not', async () => {
    const broker = await start(asked())
    for (const port of [broker.managementTls?.port, broker.prometheusTls?.port]) {
      expect((await ask(port, '/metrics', 'client', await trusting())).status).toBe(200)
      await expect(ask(port, '/metrics', undefined, await trusting())).rejects.toThrow()
    }
  })

  test.each(['client-expired', 'client-stranger'])('that are bad do not: %s', async (name) => {
    const log = new LogLines()
    const broker = await start({ ...asked(), requiresCert: false }, { logger: log })
    const port = broker.managementTls?.port
    await expect(ask(port, '/api/whoami', name, await trusting())).rejects.toThrow()
    await log.until('TLS client 127.0.0.1 is refused: bad certificate')
    expect((await ask(port, '/api/whoami', undefined, await trusting())).status).toBe(200)
  })

  test('are no login: the password is asked for all the same', async () => {
    const broker = await start(asked())
    const answer = await ask(broker.managementTls?.port, '/api/whoami', 'client', {
      ...(await trusting()),
      ...{ headers: {} },
    })
    expect(answer.status).toBe(401)
  })
})

describe('files', () => {
  async function shown(port: number | undefined): Promise<string> {
    return await serialNumberShown({ port: port ?? 0, ...(await trusting()) })
  }

  test('that change are read again', async () => {
    const own = await mkdtemp(join(directory, 'own-'))
    const files = { cert: join(own, 'cert.pem'), key: join(own, 'key.pem') }
    const put = async (name: string) => {
      await copyFile(pair(name).key, files.key)
      await copyFile(pair(name).cert, files.cert)
    }
    await put('server')
    const log = new LogLines()
    const broker = await start(files, { logger: log })
    const ports = [broker.managementTls?.port, broker.prometheusTls?.port]
    const before = await shown(ports[0])
    await put('next')
    await log.until('read the certificate', 2)
    for (const port of ports) expect(await shown(port)).not.toBe(before)
    await writeFile(files.key, 'no key')
    await log.until('has changed and is of no use', 2)
    expect((await ask(ports[0], '/api/whoami', undefined, await trusting())).status).toBe(200)
  })

  test.each(['cert', 'key', 'ca'])('that lack %s keep a broker from starting', async (name) => {
    const tls = { ...pair('server'), [name]: join(directory, 'none'), isOptional: true }
    for (const side of ['managementTls', 'prometheusTls']) {
      const started = createBroker({ amqp: { host: '127.0.0.1' }, [side]: tls })
      await expect(started).rejects.toMatchObject({ code: 'TLS_INVALID' })
    }
  })
})

test('a broker closes while clients have not said all of their TLS handshake', async () => {
  const plain = { host: '127.0.0.1', ...pair('server') }
  const broker = await createBroker({
    amqp: { listeners: [] },
    amqps: plain,
    managementTls: plain,
    handshakeTimeoutMs: 3_600_000,
  })
  for (const port of [broker.amqps?.port, broker.managementTls?.port]) {
    const socket = connectTcp(port ?? 0, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])) // a record that does not come
  }
  const served = await ask(broker.managementTls?.port, '/api/whoami', undefined, await trusting())
  expect(served.status).toBe(200) // by then the handshakes have begun
  await broker.close()
})

test('the listeners have RabbitMQ’s names, in the API and in the log', async () => {
  const log = new LogLines()
  const broker = await start({}, { management: { host: '127.0.0.1' }, logger: log })
  const [api, metrics] = [broker.managementTls?.port, broker.prometheusTls?.port]
  expect(log.lines).toContain(`info Management plugin: HTTPS listener started on port ${api}`)
  expect(log.lines).toContain(`info Prometheus metrics: HTTPS listener started on port ${metrics}`)
  const client = new ApiClient(broker)
  const { listeners, contexts } = (await client.get('/api/overview')).json
  expect(listeners).toContainEqual({
    node: broker.nodeName,
    protocol: 'https',
    ip_address: '127.0.0.1',
    port: api,
    socket_opts: {
      cowboy_opts: { sendfile: false },
      ip: '127.0.0.1',
      port: api,
      ssl: true,
      ssl_opts: {
        certfile: pair('server').cert,
        keyfile: pair('server').key,
        verify: 'verify_none',
        fail_if_no_peer_cert: false,
        versions: ['tlsv1.3', 'tlsv1.2'],
      },
    },
    tls: true,
  })
  const names = listeners.map(({ protocol, tls }: { protocol: string; tls: boolean }) => [
    protocol,
    tls,
  ])
  expect(names).toContainEqual(['https/prometheus', true])
  expect(names).toContainEqual(['http', false])
  expect(contexts).toContainEqual(
    expect.objectContaining({
      description: 'RabbitMQ Management',
      port: String(api),
      ssl: 'true',
      ssl_opts: expect.objectContaining({ certfile: pair('server').cert }),
    }),
  )
  const [node] = (await client.get('/api/nodes')).json
  expect(node.contexts).toHaveLength(3)
  const check = await client.get('/api/health/checks/protocol-listener/https')
  expect(check.json).toMatchObject({ status: 'ok' })
})
