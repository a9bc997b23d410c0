import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Node } from '../../src/cli/node.ts'
import { runTool } from '../../src/ctl/run.ts'
import { ApiClient } from '../support/api-client.ts'
import { type KeyPair, makeCertificate } from '../support/certificates.ts'
import { dataDirectory } from '../support/data-directory.ts'

let directory: string
let ca: KeyPair
let server: KeyPair

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leveret-ctl-security-'))
  ca = await makeCertificate(directory, 'ca', { subject: '/CN=ca', isAuthority: true })
  server = await makeCertificate(directory, 'server', { subject: '/CN=server', issuer: ca })
})

afterAll(() => rm(directory, { recursive: true, force: true }))

/** A broker with TLS for AMQP, API and metrics, and what rabbitmq-diagnostics says of it. */
async function start() {
  const place = { host: '127.0.0.1' }
  const tls = { ...place, ...server, ca: ca.cert }
  const { broker, close } = await Node.start(
    {
      amqp: place,
      amqps: tls,
      management: place,
      managementTls: tls,
      prometheusTls: tls,
      dataDir: await dataDirectory(),
      nodeName: 'rabbit@host',
    },
    { level: 'info' },
  )
  onTestFinished(close)
  const api = new ApiClient(broker)
  const dataDir = (await api.get('/api/nodes/rabbit@host')).json.db_dir
  const diagnose = async (...words: string[]) => {
    let [stdout, stderr] = ['', '']
    const exitCode = await runTool('rabbitmq-diagnostics', words, {
      env: { LEVERET_DATA_DIR: dataDir },
      out: (text) => {
        stdout += text
      },
      err: (text) => {
        stderr += text
      },
      input: () => Promise.resolve(''),
    })
    return { exitCode, stdout, stderr }
  }
  return { broker, api, diagnose }
}

test('listeners over TLS are told of in RabbitMQ’s words', async () => {
  const { broker, diagnose } = await start()
  const { stdout } = await diagnose('listeners')
  const { managementTls, prometheusTls } = broker
  const line = (port: number | undefined, protocol: string, purpose: string) =>
    `Interface: 127.0.0.1, port: ${port}, protocol: ${protocol}, purpose: ${purpose}\n`
  expect(stdout).toContain(line(managementTls?.port, 'https', 'HTTP API over TLS (HTTPS)'))
  expect(stdout).toContain(
    line(prometheusTls?.port, 'https/prometheus', 'Prometheus exporter API over TLS (HTTPS)'),
  )
  expect((await diagnose('check_protocol_listener', 'https')).exitCode).toBe(0)
  expect((await diagnose('check_port_connectivity')).exitCode).toBe(0)
})

describe('certificates', () => {
  const TIME = /^\d{4}-\d\d-\d\d \d\d?:\d\d:\d\d$/

  test('that end soon are told of over HTTP', async () => {
    const { broker, api } = await start()
    const path = '/api/health/checks/certificate-expiration'
    expect((await api.get(`${path}/1/days`)).status).toBe(503) // they are good for less than a day
    const { status, json } = await api.get(`${path}/2/Weeks`)
    expect([status, json.status, json.reason]).toEqual([503, 'failed', 'Certificates expiring'])
    expect(json.expired.map(({ protocol }: { protocol: string }) => protocol).sort()).toEqual([
      'amqp/ssl',
      'https',
      'https/prometheus',
    ])
    expect(json.expired).toContainEqual({
      node: 'rabbit@host',
      protocol: 'amqp/ssl',
      interface: '127.0.0.1',
      port: broker.amqps?.port,
      certfile: server.cert,
      cacertfile: ca.cert,
      certfile_expires_on: [expect.stringMatching(TIME)],
      cacertfile_expires_on: [expect.stringMatching(TIME)],
    })
    expect((await api.get(`${path}/0/days`)).json).toEqual({ status: 'ok' })
  })

  test('are asked for with a number and a unit', async () => {
    const { api } = await start()
    const reason = async (rest: string) => {
      const { status, json } = await api.get(`/api/health/checks/certificate-expiration/${rest}`)
      return [status, json.reason]
    }
    const unit = 'Time unit not recognised. Supported units: days, weeks, months, years.'
    expect(await reason('1/hours')).toEqual([400, unit])
    expect(await reason('x/days')).toEqual([400, 'Invalid expiration value.'])
    expect(await reason('x/hours')).toEqual([400, 'Invalid expiration value.'])
  })

  test('that end soon are told of by a command, and those that do not', async () => {
    const { broker, diagnose } = await start()
    const soon = await diagnose('check_certificate_expiration', '--within', '5', '--unit', 'years')
    expect(soon.exitCode).toBe(69)
    expect(soon.stdout).toBe(
      'Checking certificate expiration for all certificates on node rabbit@host ...\n',
    )
    expect(soon.stderr).toMatch(
      new RegExp(
        `^%{node: :rabbit@host, port: ${broker.amqps?.port}, protocol: :"amqp/ssl", interface: "127\\.0\\.0\\.1", ` +
          `cacertfile: "${ca.cert}", certfile: "${server.cert}", certfile_expires_on: \\["[^"]+"\\], ` +
          'cacertfile_expires_on: \\["[^"]+"\\], purpose: "AMQP 0-9-1 over TLS"}$',
        'm',
      ),
    )
    const later = await diagnose(
      '-q',
      'check_certificate_expiration',
      '--within',
      '0',
      '--unit',
      'days',
    )
    expect(later).toEqual({
      exitCode: 0,
      stdout: 'No certificates are expiring within 0 days.\n',
      stderr: '',
    })
  })
})

describe('logins', () => {
  test('that were tried are listed', async () => {
    const { api, diagnose } = await start()
    await api.get('/api/whoami')
    const listed = await diagnose('-q', 'list_node_auth_attempt_stats')
    expect(listed.stdout).toMatch(
      /^protocol\tauth_attempts\tauth_attempts_failed\tauth_attempts_succeeded\nhttp\t\d+\t0\t\d+\n$/,
    )
  })

  test('are tracked by source between two commands', async () => {
    const { api, diagnose } = await start()
    const listed = () => diagnose('-q', 'list_node_auth_attempt_stats', '--by-source')
    await diagnose('disable_auth_attempt_source_tracking')
    await api.get('/api/whoami')
    expect((await listed()).stdout).toBe(
      'Node rabbit@host reported no authentication attempt stats\n',
    )
    const enabled = await diagnose('enable_auth_attempt_source_tracking')
    expect(enabled.stdout).toBe('Enabling authentication attempt source tracking ...\n')
    await api.get('/api/whoami')
    expect((await listed()).stdout).toBe(
      'remote_address\tusername\tprotocol\tauth_attempts\tauth_attempts_failed\tauth_attempts_succeeded\n' +
        '127.0.0.1\tguest\thttp\t1\t0\t1\n',
    )
    const json = await diagnose('list_node_auth_attempt_stats', '--by-source', '--formatter=json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      result: 'ok',
      node: 'rabbit@host',
      attempts: [{ username: 'guest' }],
    })
  })
})
