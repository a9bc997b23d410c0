import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate and its key, as paths of PEM files. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** As openssl writes it: `/CN=server/O=Leveret`. */
  readonly subject: string
  /** As openssl writes it: `DNS:localhost,IP:127.0.0.1`. */
  readonly names?: string
  /** Who signs it; itself unless given. */
  readonly issuer?: KeyPair
  readonly isAuthority?: boolean
  /** It was good once. */
  readonly isExpired?: boolean
}

let serial = 1

/** Makes a certificate with openssl. It is good for a day, or was until yesterday. */
export async function makeCertificate(
  directory: string,
  name: string,
  { subject, names, issuer, isAuthority = false, isExpired = false }: CertificateOptions,
): Promise<KeyPair> {
  const pair = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}-key.pem`) }
  const request = join(directory, `${name}.csr`)
  const extensions = join(directory, `${name}.ext`)
  const subjectAltName = names === undefined ? [] : [`subjectAltName=${names}`]
  await writeFile(
    extensions,
    [`basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`, ...subjectAltName].join(
      '\n',
    ),
  )
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', pair.key)
  await openssl('req', '-new', '-utf8', '-key', pair.key, '-subj', subject, '-out', request)
  const signer =
    issuer === undefined ? ['-key', pair.key] : ['-CA', issuer.cert, '-CAkey', issuer.key]
  const sign = ['x509', '-req', '-in', request, '-extfile', extensions, '-out', pair.cert]
  const period = isExpired ? ['-days', '-1'] : ['-days', '1']
  await openssl(...sign, ...signer, ...period, '-set_serial', `${serial++}`)
  return pair
}

async function openssl(...args: readonly string[]): Promise<void> {
  await run('openssl', args)
}

/** The serial number of the certificate that whoever connects is shown. */
export async function serialNumberShown(options: ConnectionOptions): Promise<string> {
  const socket = connect({ host: '127.0.0.1', ...options })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}
