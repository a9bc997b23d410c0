import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls'
import type { Logger } from '../common/log.ts'

/** How TLS is spoken. Files are PEM; the broker reads them again when they change. */
export interface TlsOptions {
  readonly cert: string
  readonly key: string
  /** Of the key, if it is encrypted. */
  readonly passphrase?: string
  /** Authorities that clients are checked against. */
  readonly ca?: string
  /** Whether clients are asked for a certificate; false by default. One that they show has to be good. */
  readonly verifiesPeer?: boolean
  /** Whether a client that shows none is refused; false by default. */
  readonly requiresCert?: boolean
  /** TLS 1.2 and 1.3 by default. */
  readonly versions?: readonly TlsVersion[]
  /** OpenSSL's names; those of Node by default. */
  readonly ciphers?: readonly string[]
  /** Authorities that may stand between a client's certificate and `ca`; 1 by default. */
  readonly depth?: number
}

type TlsVersion = 'tlsv1' | 'tlsv1.1' | 'tlsv1.2' | 'tlsv1.3'

/** The settings of a TLS server from its files. Throws an Error of the system or of OpenSSL when they are of no use. */
export function readTlsFiles(options: TlsOptions): SecureContextOptions {
  const { passphrase, ca, ciphers = [] } = options
  const settings: SecureContextOptions = {
    cert: readFileSync(options.cert),
    key: readFileSync(options.key),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    honorCipherOrder: true,
    ...versionsOf(options.versions ?? ['tlsv1.3', 'tlsv1.2']),
  }
  createSecureContext(settings) // complains of a key that does not fit, and of ciphers that there are not
  return settings
}

/**
 * Calls back with new settings when a file has changed and what is there is of use; what is not is logged, and the old
 * settings stay. Returns what ends that.
 */
export function watchTlsFiles(
  options: TlsOptions,
  log: Logger,
  onChange: (settings: SecureContextOptions) => void,
): () => void {
  const paths = [options.cert, options.key, ...(options.ca === undefined ? [] : [options.ca])]
  const watchers: FSWatcher[] = []
  let last = contentOf(paths)
  let timer: NodeJS.Timeout | null = null
  const look = () => {
    timer = null
    const content = contentOf(paths)
    if (content === null || content === last) return
    last = content
    try {
      onChange(readTlsFiles(options))
      log.info(`read the certificate in ${options.cert} again`)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.warn(`the certificate in ${options.cert} has changed and is of no use: ${reason}`)
    }
  }
  // certificates are changed by renaming files or links, which their directory tells of
  for (const directory of new Set(paths.map((path) => dirname(path)))) {
    const watcher = watch(directory, { persistent: false }, () => {
      timer ??= setTimeout(look, SETTLING_MS)
    })
    watcher.on('error', (error) => log.warn(`cannot watch ${directory}: ${error.message}`))
    watchers.push(watcher)
  }
  return () => {
    if (timer !== null) clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Certificate and key change one after the other: what is there in between is of no use. */
const SETTLING_MS = 100

/** Null while a file is missing. */
function contentOf(paths: readonly string[]): string | null {
  try {
    return paths.map((path) => readFileSync(path, 'latin1')).join('\0')
  } catch {
    return null
  }
}

/** OpenSSL takes a range of versions. */
function versionsOf(versions: readonly TlsVersion[]): SecureContextOptions {
  const wanted = VERSIONS.filter(([name]) => versions.includes(name))
  const minVersion = wanted[0]?.[1] ?? 'TLSv1.2'
  const maxVersion = wanted.at(-1)?.[1] ?? 'TLSv1.3'
  return { minVersion, maxVersion }
}

const VERSIONS: readonly (readonly [TlsVersion, SecureVersion])[] = [
  ['tlsv1', 'TLSv1'],
  ['tlsv1.1', 'TLSv1.1'],
  ['tlsv1.2', 'TLSv1.2'],
  ['tlsv1.3', 'TLSv1.3'],
]
