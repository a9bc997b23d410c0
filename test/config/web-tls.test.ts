import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { brokerOptions } from '../../src/cli/broker-options.ts'
import { SILENT } from '../../src/common/log.ts'
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts'

const root = mkdtempSync(join(tmpdir(), 'leveret-web-tls-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function loaded(text: string, args: string[] = [], env: Record<string, string> = {}): LoadedConfig {
  const path = join(root, 'rabbitmq.conf')
  writeFileSync(path, text)
  return loadConfig({ args, env: { RABBITMQ_CONFIG_FILE: path, ...env } })
}

function ports(text: string, args: string[] = []) {
  const { managementPort, managementTlsPort, prometheusPort, prometheusTlsPort } = loaded(
    text,
    args,
  ).config
  return [managementPort, managementTlsPort, prometheusPort, prometheusTlsPort]
}

describe('which ports are served', () => {
  test.each([
    ['', [15_672, undefined, 15_692, undefined]],
    ['management.ssl.certfile = c', [undefined, 15_671, 15_692, undefined]],
    ['management.ssl.port = 443', [undefined, 443, 15_692, undefined]],
    ['management.ssl.port = 443\nmanagement.tcp.port = 80', [80, 443, 15_692, undefined]],
    ['management.ssl.port = 443\nmanagement.tcp.ip = ::1', [15_672, 443, 15_692, undefined]],
    ['prometheus.ssl.certfile = k', [15_672, undefined, undefined, 15_691]],
    ['prometheus.ssl.port = 1\nprometheus.tcp.port = 2', [15_672, undefined, 2, 1]],
    [
      'management.ssl.port = none\nmanagement.ssl.certfile = c',
      [15_672, undefined, 15_692, undefined],
    ],
  ])('%j', (text, expected) => {
    expect(ports(text)).toEqual(expected)
  })

  test('flags count as files do', () => {
    expect(ports('', ['--management-tls-cert=c'])).toEqual([undefined, 15_671, 15_692, undefined])
    const both = ['--management-tls-cert=c', '--management-port=1']
    expect(ports('', both)).toEqual([1, 15_671, 15_692, undefined])
  })
})

test('every key reaches the library', () => {
  const keys = (side: string) => `
    ${side}.ssl.port = 1
    ${side}.ssl.ip = 127.0.0.1
    ${side}.ssl.cacertfile = ca
    ${side}.ssl.certfile = cert
    ${side}.ssl.keyfile = key
    ${side}.ssl.password = secret
    ${side}.ssl.verify = verify_peer
    ${side}.ssl.fail_if_no_peer_cert = true
    ${side}.ssl.versions.1 = tlsv1.3
    ${side}.ssl.ciphers.1 = A
    ${side}.ssl.ciphers.2 = B
    ${side}.ssl.depth = 3
    ${side}.ssl.honor_cipher_order = true
    ${side}.ssl.client_renegotiation = false
  `
  const { config, warnings } = loaded(keys('management') + keys('prometheus'))
  expect(warnings).toEqual([])
  const place = {
    host: '127.0.0.1',
    port: 1,
    isOptional: true,
    ca: 'ca',
    cert: 'cert',
    key: 'key',
    passphrase: 'secret',
    verifiesPeer: true,
    requiresCert: true,
    versions: ['tlsv1.3'],
    ciphers: ['A', 'B'],
    depth: 3,
  }
  const options = brokerOptions(config, SILENT)
  expect(options).toMatchObject({ managementTls: place, prometheusTls: place })
  expect(options).not.toHaveProperty('management')
  expect(options).not.toHaveProperty('prometheus')
})

describe('the listener of old configuration files', () => {
  const old = `
    management.listener.port = 1
    management.listener.ip = ::1
    management.listener.ssl = true
    management.listener.ssl_opts.cacertfile = ca
    management.listener.ssl_opts.certfile = cert
    management.listener.ssl_opts.keyfile = key
  `

  test('with ssl is the one over TLS', () => {
    const { config, warnings } = loaded(old)
    expect(warnings).toEqual([])
    expect(config).toMatchObject({
      managementPort: undefined,
      managementTlsPort: 1,
      managementTlsHost: '::1',
      managementTlsCa: 'ca',
      managementTlsCert: 'cert',
      managementTlsKey: 'key',
    })
  })

  test('without it is plain, whatever else is said of TLS', () => {
    const { config } = loaded(old.replace('ssl = true', 'ssl = false'))
    expect(config).toMatchObject({ managementPort: 1, managementHost: '::1' })
    expect(config).toMatchObject({ managementTlsPort: undefined, managementTlsCert: undefined })
    expect(loaded('management.listener.port = 2').config.managementPort).toBe(2)
  })
})
