import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { runAdmin } from '../../src/ctl/admin/run.ts'
import { createBroker } from '../../src/index.ts'
import { type KeyPair, makeCertificate } from '../support/certificates.ts'

let directory: string
let ca: KeyPair
let stranger: KeyPair
let server: KeyPair
let elsewhere: KeyPair
let client: KeyPair

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-admin-tls-'))
  const make = (name: string, options: Parameters<typeof makeCertificate>[2]) =>
    makeCertificate(directory, name, options)
  ca = await make('ca', { subject: '/CN=ca', isAuthority: true })
  stranger = await make('stranger', { subject: '/CN=stranger', isAuthority: true })
  server = await make('server', { subject: '/CN=s', names: 'IP:127.0.0.1', issuer: ca })
  elsewhere = await make('elsewhere', { subject: '/CN=e', names: 'DNS:else.example', issuer: ca })
  client = await make('client', { subject: '/CN=client', issuer: ca })
})

afterAll(() => rm(directory, { recursive: true, force: true }))

/** What rabbitmqadmin gives back when it asks a broker with this certificate. */
async function show(pair: KeyPair, ...words: string[]) {
  const tls = { ca: ca.cert, verifiesPeer: true, requiresCert: words.includes('--ssl-cert-file') }
  const managementTls = { host: '127.0.0.1', ...pair, ...tls }
  const broker = await createBroker({ amqp: { host: '127.0.0.1' }, managementTls })
  onTestFinished(() => broker.close())
  let text = ''
  const print = (more: string) => {
    text += more
  }
  const place = ['--host=127.0.0.1', '-P', String(broker.managementTls?.port), '--ssl']
  const exitCode = await runAdmin([...place, ...words, 'list', 'vhosts'], {
    env: {},
    out: print,
    err: print,
    input: () => Promise.resolve(''),
  })
  return { exitCode, text }
}

test('rabbitmqadmin trusts the authority that it is given, and no other', async () => {
  expect((await show(server, '--ssl-ca-cert-file', ca.cert)).exitCode).toBe(0)
  const other = await show(server, '--ssl-ca-cert-file', stranger.cert)
  expect(other).toMatchObject({ exitCode: 1, text: expect.stringContaining('Could not connect') })
  expect((await show(server)).exitCode).toBe(1)
})

test('rabbitmqadmin shows a certificate of its own', async () => {
  const own = ['--ssl-cert-file', client.cert, '--ssl-key-file', client.key]
  expect((await show(server, '--ssl-ca-cert-file', ca.cert, ...own)).exitCode).toBe(0)
})

test('rabbitmqadmin takes a certificate of another host, or any, if it is told to', async () => {
  const trusting = ['--ssl-ca-cert-file', ca.cert]
  expect((await show(elsewhere, ...trusting)).exitCode).toBe(1)
  const anyHost = '--ssl-disable-hostname-verification'
  expect((await show(elsewhere, ...trusting, anyHost)).exitCode).toBe(0)
  expect((await show(elsewhere, anyHost)).exitCode).toBe(1)
  expect((await show(elsewhere, '--ssl-insecure')).exitCode).toBe(0)
})
