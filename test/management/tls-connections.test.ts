import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import amqplib from 'amqplib'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ApiClient, startApi } from '../support/api-client.ts'
import { type KeyPair, makeCertificate } from '../support/certificates.ts'

let directory: string
let ca: KeyPair
let server: KeyPair
let client: KeyPair

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-tls-view-'))
  const make = (name: string, options: Parameters<typeof makeCertificate>[2]) =>
    makeCertificate(directory, name, options)
  ca = await make('ca', { subject: '/CN=ca/O=leveret', isAuthority: true })
  server = await make('server', { subject: '/CN=server', names: 'DNS:localhost', issuer: ca })
  client = await make('client', { subject: '/CN=hare/O=client', issuer: ca })
})

afterAll(() => rm(directory, { recursive: true, force: true }))

/** The connections that the API shows of a client over TLS. */
async function shown(options: object, query = ''): Promise<Record<string, unknown>> {
  const amqps = { host: '127.0.0.1', ...server, ca: ca.cert, verifiesPeer: true }
  const { broker } = await startApi({ amqp: { listeners: [] }, amqps })
  const { administration } = broker
  administration.putUser({ name: 'O=client,CN=hare', passwordHash: '', tags: [] })
  const all = { configure: '.*', write: '.*', read: '.*' }
  administration.setPermissions('O=client,CN=hare', '/', all)
  const trusting = { ca: await readFile(ca.cert), ...options }
  const connection = await amqplib.connect(`amqps://localhost:${broker.amqps?.port}`, trusting)
  onTestFinished(() => connection.close())
  const [found] = (await new ApiClient(broker).get(`/api/connections${query}`)).json
  return found
}

async function own() {
  return { cert: await readFile(client.cert), key: await readFile(client.key) }
}

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'

test.each(['', '?disable_stats=true'])('%s shows what TLS has agreed on', async (query) => {
  expect(await shown(await own(), query)).toMatchObject({
    ssl: true,
    ssl_protocol: 'tlsv1.3',
    ssl_key_exchange: 'any',
    ssl_cipher: 'aes_256_gcm',
    ssl_hash: 'aead',
    peer_cert_subject: 'O=client,CN=hare',
    peer_cert_issuer: 'O=leveret,CN=ca',
    peer_cert_serial_number: expect.stringMatching(/^[1-9A-F][0-9A-F]*$/),
    peer_cert_validity: expect.stringMatching(new RegExp(`^${TIME} - ${TIME}$`)),
    auth_mechanism: 'PLAIN',
  })
})

test('TLS 1.2 has a key exchange', async () => {
  const options = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }
  expect(await shown(options)).toMatchObject({
    ssl: true,
    ssl_protocol: 'tlsv1.2',
    ssl_key_exchange: 'ecdhe_ecdsa',
    ssl_cipher: 'aes_128_gcm',
    ssl_hash: 'aead',
  })
})

test('a client without a certificate has none to show', async () => {
  expect(await shown({})).toMatchObject({
    ssl: true,
    peer_cert_subject: '',
    peer_cert_issuer: '',
    peer_cert_serial_number: '',
    peer_cert_validity: '',
  })
})

test('a certificate that is a login names the user', async () => {
  const credentials = amqplib.credentials.external()
  expect(await shown({ ...(await own()), credentials })).toMatchObject({
    auth_mechanism: 'EXTERNAL',
    user: 'O=client,CN=hare',
    peer_cert_subject: 'O=client,CN=hare',
  })
})
