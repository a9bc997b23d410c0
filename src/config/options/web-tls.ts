import { numbered } from '../conf-values.ts'
import type { TlsVersion } from '../config.ts'
import type { Option } from '../option.ts'
import {
  boolean,
  choice,
  choices,
  integer,
  integerOrNone,
  namesOrNone,
  optionalText,
  pathOrNone,
  text,
} from '../value-type.ts'

const versions = choices<TlsVersion>('VERSIONS', ['tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'])
const ciphers = namesOrNone('CIPHERS')

/** How TLS is spoken where HTTP is: each of the two sides has certificates of its own, as in RabbitMQ. */
export const WEB_TLS = {
  ...managementTls(webTls('management', 'the HTTP API and the page')),
  ...prometheusTls(webTls('prometheus', 'the metrics')),
}

function managementTls(tls: WebTls) {
  return {
    managementTlsHost: tls.host,
    managementTlsPort: tls.port,
    managementTlsCa: tls.ca,
    managementTlsCert: tls.cert,
    managementTlsKey: tls.key,
    managementTlsKeyPassword: tls.keyPassword,
    managementTlsVerify: tls.verify,
    managementTlsRequireCert: tls.requireCert,
    managementTlsVersions: tls.versions,
    managementTlsCiphers: tls.ciphers,
    managementTlsDepth: tls.depth,
  }
}

function prometheusTls(tls: WebTls) {
  return {
    prometheusTlsHost: tls.host,
    prometheusTlsPort: tls.port,
    prometheusTlsCa: tls.ca,
    prometheusTlsCert: tls.cert,
    prometheusTlsKey: tls.key,
    prometheusTlsKeyPassword: tls.keyPassword,
    prometheusTlsVerify: tls.verify,
    prometheusTlsRequireCert: tls.requireCert,
    prometheusTlsVersions: tls.versions,
    prometheusTlsCiphers: tls.ciphers,
    prometheusTlsDepth: tls.depth,
  }
}

type WebTls = ReturnType<typeof webTls>

function webTls(side: string, what: string) {
  const names = (name: string, key: string) => ({
    flag: `${side}-tls-${name}`,
    env: `LEVERET_${side.toUpperCase()}_TLS_${name.toUpperCase().replaceAll('-', '_')}`,
    conf: [`${side}.ssl.${key}`],
    group: 'TLS' as const,
  })
  return { ...placeAndFiles(names, what), ...demands(names) }
}

type Names = (name: string, key: string) => Pick<Option<unknown>, 'flag' | 'env' | 'conf' | 'group'>

function placeAndFiles(names: Names, what: string) {
  return {
    host: {
      ...names('host', 'ip'),
      type: text('ADDRESS'),
      default: '::',
      help: `Address of ${what} over TLS`,
    },
    port: {
      ...names('port', 'port'),
      type: integerOrNone('PORT', 0, 65535),
      default: undefined,
      help: `Port of ${what} over TLS`,
    },
    ca: {
      ...names('ca', 'cacertfile'),
      type: pathOrNone('FILE'),
      default: undefined,
      help: 'PEM file of the authorities that clients are checked against',
    },
    cert: {
      ...names('cert', 'certfile'),
      type: pathOrNone('FILE'),
      default: undefined,
      help: 'PEM file of the certificate, with its chain',
    },
    key: {
      ...names('key', 'keyfile'),
      type: pathOrNone('FILE'),
      default: undefined,
      help: 'PEM file of the private key',
    },
    keyPassword: {
      ...names('key-password', 'password'),
      type: optionalText('PASSWORD'),
      default: undefined,
      defaultText: 'none',
      help: 'Password of the private key',
    },
  }
}

/** What is asked of clients. */
function demands(names: Names) {
  return {
    verify: {
      ...names('verify', 'verify'),
      type: choice('HOW', ['verify_peer', 'verify_none']),
      default: 'verify_none' as const,
      help: 'Whether clients are asked for a certificate',
    },
    requireCert: {
      ...names('require-cert', 'fail_if_no_peer_cert'),
      type: boolean(),
      default: false,
      help: 'Whether a client without a certificate is refused',
    },
    versions: {
      ...names('versions', 'versions.$n'),
      type: versions,
      default: ['tlsv1.3', 'tlsv1.2'] as const,
      help: 'Versions that clients may use',
      fromConf: numbered(versions),
    },
    ciphers: {
      ...names('ciphers', 'ciphers.$n'),
      type: ciphers,
      default: [],
      help: "OpenSSL's names of the ciphers allowed; none is Node's choice",
      fromConf: numbered(ciphers),
    },
    depth: {
      ...names('depth', 'depth'),
      type: integer('COUNT', 0, 255),
      default: 1,
      help: 'Authorities that may stand between a client and the CA',
    },
  }
}
