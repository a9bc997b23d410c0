import { numbered } from '../conf-values.ts'
import type { Config, TlsVersion } from '../config.ts'
import type { Option } from '../option.ts'
import {
  boolean,
  choice,
  choices,
  integer,
  namesOrNone,
  optionalText,
  pathOrNone,
} from '../value-type.ts'

const versions = choices<TlsVersion>('VERSIONS', ['tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'])
const ciphers = namesOrNone('CIPHERS')

type TlsKey =
  | 'tlsCa'
  | 'tlsCert'
  | 'tlsKey'
  | 'tlsKeyPassword'
  | 'tlsVerify'
  | 'tlsRequireCert'
  | 'tlsVersions'
  | 'tlsCiphers'
  | 'tlsDepth'
  | 'certLoginFrom'
  | 'certLoginSanType'
  | 'certLoginSanIndex'

/** Certificates, and what is asked of clients. */
export const TLS: { readonly [K in TlsKey]: Option<Config[K]> } = {
  tlsCa: {
    flag: 'tls-ca',
    env: 'LEVERET_TLS_CA',
    conf: ['ssl_options.cacertfile'],
    group: 'TLS',
    type: pathOrNone('FILE'),
    default: undefined,
    help: 'PEM file of the authorities that clients are checked against',
  },
  tlsCert: {
    flag: 'tls-cert',
    env: 'LEVERET_TLS_CERT',
    conf: ['ssl_options.certfile'],
    group: 'TLS',
    type: pathOrNone('FILE'),
    default: undefined,
    help: 'PEM file of the certificate, with its chain',
  },
  tlsKey: {
    flag: 'tls-key',
    env: 'LEVERET_TLS_KEY',
    conf: ['ssl_options.keyfile'],
    group: 'TLS',
    type: pathOrNone('FILE'),
    default: undefined,
    help: 'PEM file of the private key',
  },
  tlsKeyPassword: {
    flag: 'tls-key-password',
    env: 'LEVERET_TLS_KEY_PASSWORD',
    conf: ['ssl_options.password'],
    group: 'TLS',
    type: optionalText('PASSWORD'),
    default: undefined,
    defaultText: 'none',
    help: 'Password of the private key',
  },
  tlsVerify: {
    flag: 'tls-verify',
    env: 'LEVERET_TLS_VERIFY',
    conf: ['ssl_options.verify'],
    group: 'TLS',
    type: choice('HOW', ['verify_peer', 'verify_none']),
    default: 'verify_none',
    help: 'Whether clients are asked for a certificate',
  },
  tlsRequireCert: {
    flag: 'tls-require-cert',
    env: 'LEVERET_TLS_REQUIRE_CERT',
    conf: ['ssl_options.fail_if_no_peer_cert'],
    group: 'TLS',
    type: boolean(),
    default: false,
    help: 'Whether a client without a certificate is refused',
  },
  tlsVersions: {
    flag: 'tls-versions',
    env: 'LEVERET_TLS_VERSIONS',
    conf: ['ssl_options.versions.$n'],
    group: 'TLS',
    type: versions,
    default: ['tlsv1.3', 'tlsv1.2'],
    help: 'Versions that clients may use',
    fromConf: numbered(versions),
  },
  tlsCiphers: {
    flag: 'tls-ciphers',
    env: 'LEVERET_TLS_CIPHERS',
    conf: ['ssl_options.ciphers.$n'],
    group: 'TLS',
    type: ciphers,
    default: [],
    help: "OpenSSL's names of the ciphers allowed; none is Node's choice",
    fromConf: numbered(ciphers),
  },
  tlsDepth: {
    flag: 'tls-depth',
    env: 'LEVERET_TLS_DEPTH',
    conf: ['ssl_options.depth'],
    group: 'TLS',
    type: integer('COUNT', 0, 255),
    default: 1,
    help: 'Authorities that may stand between a client and the CA',
  },
  certLoginFrom: {
    flag: 'cert-login-from',
    env: 'LEVERET_CERT_LOGIN_FROM',
    conf: ['ssl_cert_login_from'],
    group: 'TLS',
    type: choice('FIELD', ['distinguished_name', 'common_name', 'subject_alternative_name']),
    default: 'distinguished_name',
    help: 'What of a certificate names the user for EXTERNAL',
  },
  certLoginSanType: {
    flag: 'cert-login-san-type',
    env: 'LEVERET_CERT_LOGIN_SAN_TYPE',
    conf: ['ssl_cert_login_san_type'],
    group: 'TLS',
    type: choice('TYPE', ['dns', 'ip', 'email', 'uri', 'other_name']),
    default: 'dns',
    help: 'Which kind of alternative name that is',
  },
  certLoginSanIndex: {
    flag: 'cert-login-san-index',
    env: 'LEVERET_CERT_LOGIN_SAN_INDEX',
    conf: ['ssl_cert_login_san_index'],
    group: 'TLS',
    type: integer('INDEX', 0, 1000),
    default: 0,
    help: 'Which of several such names, from 0',
  },
}
