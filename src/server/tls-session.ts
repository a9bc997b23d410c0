import type { X509Certificate } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { TlsSession } from '../protocol/transport.ts'
import { cipherSuiteOf } from './cipher-suite.ts'
import { type CertLogin, distinguishedName, peerNameOf } from './peer-name.ts'
import type { TlsOptions } from './tls-files.ts'

/** What is wrong with the certificate of a client, or that it has none; null when it may go on. */
export function peerError(socket: TLSSocket, options: TlsOptions): string | null {
  if (!options.verifiesPeer) return null
  const chain = socket.getPeerCertificate(true) // before the X509Certificate, which leaves no chain behind
  if (!isCertificate(chain)) return options.requiresCert ? 'no certificate' : null
  if (!socket.authorized) return `bad certificate: ${socket.authorizationError}`
  const depth = intermediateCount(chain)
  const { depth: allowed = 1 } = options
  return depth > allowed ? `certificate chain of ${depth} authorities, at most ${allowed}` : null
}

/** What the protocol and management want to know of a TLS connection. */
export function sessionOf(socket: TLSSocket, login: CertLogin): TlsSession {
  const certificate = socket.getPeerX509Certificate()
  return {
    protocol: (socket.getProtocol() ?? '').toLowerCase().replace(/^tlsv1$/, 'tlsv1.0'),
    suite: cipherSuiteOf(socket.getCipher().standardName),
    peer: certificate === undefined ? null : peerOf(certificate, login),
  }
}

function peerOf(certificate: X509Certificate, login: CertLogin): TlsSession['peer'] {
  return {
    name: peerNameOf(certificate, login),
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.replace(/^0+(?=.)/, ''),
    validity: `${timeOf(certificate.validFrom)} - ${timeOf(certificate.validTo)}`,
  }
}

/** Of a time as OpenSSL writes it: `Nov 20 22:27:33 2026 GMT`. */
function timeOf(text: string): string {
  return new Date(text).toISOString().replace('.000Z', 'Z')
}

/** Authorities between the client's certificate and the one that signs itself. */
function intermediateCount(leaf: PeerCertificate): number {
  let count = -1
  let current = leaf
  for (;;) {
    const issuer = 'issuerCertificate' in current ? current.issuerCertificate : undefined
    if (!isCertificate(issuer) || issuer.fingerprint256 === current.fingerprint256) break
    current = issuer
    count++
  }
  return Math.max(count, 0)
}

function isCertificate(value: unknown): value is PeerCertificate {
  return typeof value === 'object' && value !== null && 'fingerprint256' in value
}
