import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AmqpsOptions, type Broker, createBroker } from '../../src/index.ts'
import {
  type CertificateOptions,
  type KeyPair,
  makeCertificate,
} from '../../test/support/certificates.ts'

const run = promisify(execFile)

/** What pika is to do, and how it should go. */
interface Case {
  readonly name: string
  readonly server?: string
  readonly options?: Partial<AmqpsOptions>
  /** The certificate that the client shows. */
  readonly client?: string
  readonly ca?: string
  readonly host?: string
  readonly mechanism?: 'PLAIN' | 'EXTERNAL'
  readonly versions?: readonly [lowest: string, highest: string]
  /** Begins what the client prints. */
  readonly expected: RegExp
}

const ASKED = { verifiesPeer: true, requiresCert: true } as const
const REFUSED = /^refused /

const CASES: readonly Case[] = [
  { name: 'a trusted server', expected: /^ok/ },
  { name: 'TLS 1.2', versions: ['TLSv1_2', 'TLSv1_2'], expected: /^ok/ },
  { name: 'TLS 1.1', versions: ['TLSv1_1', 'TLSv1_1'], expected: REFUSED },
  {
    name: 'TLS 1.2 where 1.3 is asked for',
    options: { versions: ['tlsv1.3'] },
    versions: ['TLSv1_2', 'TLSv1_2'],
    expected: REFUSED,
  },
  { name: 'another authority', ca: 'other-ca', expected: /CERTIFICATE_VERIFY_FAILED/ },
  { name: 'an expired server', server: 'expired', expected: /certificate has expired/ },
  { name: 'another host', host: 'elsewhere', expected: /Hostname mismatch/ },
  { name: 'a client certificate', options: ASKED, client: 'client', expected: /^ok/ },
  { name: 'no client certificate', options: ASKED, expected: REFUSED },
  { name: 'a client of another authority', options: ASKED, client: 'stranger', expected: REFUSED },
  { name: 'an expired client', options: ASKED, client: 'client-expired', expected: REFUSED },
  { name: 'EXTERNAL', options: ASKED, client: 'client', mechanism: 'EXTERNAL', expected: /^ok/ },
  {
    name: 'EXTERNAL of an unknown user',
    options: ASKED,
    client: 'nobody',
    mechanism: 'EXTERNAL',
    expected: /^refused ProbableAuthenticationError/,
  },
]

process.exitCode = await main()

async function main(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'leveret-tls-'))
  try {
    const pairs = await makeAll(directory)
    let failed = 0
    for (const one of CASES) {
      const printed = await play(one, pairs)
      const isExpected = one.expected.test(printed)
      if (!isExpected) failed++
      console.log(`${isExpected ? 'ok  ' : 'FAIL'} ${one.name}: ${printed}`)
    }
    console.log(`${CASES.length - failed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function makeAll(directory: string): Promise<ReadonlyMap<string, KeyPair>> {
  const pairs = new Map<string, KeyPair>()
  const make = async (name: string, options: CertificateOptions) => {
    const pair = await makeCertificate(directory, name, options)
    pairs.set(name, pair)
    return pair
  }
  const ca = await make('ca', { subject: '/CN=ca', isAuthority: true })
  const otherCa = await make('other-ca', { subject: '/CN=other', isAuthority: true })
  const server = { subject: '/CN=server', names: 'DNS:localhost', issuer: ca }
  await make('server', server)
  await make('expired', { ...server, isExpired: true })
  await make('client', { subject: '/CN=guest', issuer: ca })
  await make('client-expired', { subject: '/CN=guest', issuer: ca, isExpired: true })
  await make('stranger', { subject: '/CN=guest', issuer: otherCa })
  await make('nobody', { subject: '/CN=nobody', issuer: ca })
  return pairs
}

/** What the client prints. */
async function play(one: Case, pairs: ReadonlyMap<string, KeyPair>): Promise<string> {
  const pair = (name: string) => {
    const found = pairs.get(name)
    if (found === undefined) throw new Error(`no certificate ${name}`)
    return found
  }
  const { server = 'server', options = {}, client, host = 'localhost', mechanism = 'PLAIN' } = one
  const [lowest, highest] = one.versions ?? ['TLSv1_2', 'TLSv1_3']
  const own = client === undefined ? { cert: '-', key: '-' } : pair(client)
  const broker = await start({ ...pair(server), ca: pair('ca').cert, ...options })
  try {
    const args = [
      `${broker.amqps?.port}`,
      host,
      pair(one.ca ?? 'ca').cert,
      own.cert,
      own.key,
      mechanism,
      lowest,
      highest,
    ]
    const program = join(import.meta.dirname, 'client.py')
    const { stdout } = await run('/usr/bin/python3', ['-B', program, ...args])
    return stdout.trim()
  } finally {
    await broker.close()
  }
}

function start(options: AmqpsOptions): Promise<Broker> {
  const loginFrom = { field: 'common_name' } as const
  return createBroker({
    amqp: { host: '127.0.0.1' },
    amqps: { host: '127.0.0.1', ...options, loginFrom },
  })
}
