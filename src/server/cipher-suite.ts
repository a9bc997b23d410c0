import type { CipherSuite } from '../protocol/transport.ts'

/** The parts of a cipher suite with a name of the IANA: `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`. */
export function cipherSuiteOf(standardName: string): CipherSuite {
  const name = standardName.replace(/^TLS_/, '').toLowerCase()
  const at = name.indexOf('_with_')
  // from TLS 1.3 on, the key exchange is no part of the suite
  const keyExchange = at < 0 ? 'any' : name.slice(0, at)
  const rest = at < 0 ? name : name.slice(at + '_with_'.length)
  const [, cipher = rest, digest = ''] = /^(.+?)(?:_(sha\d*|md5))?$/.exec(rest) ?? []
  return { keyExchange, cipher, hash: AEAD.test(cipher) ? 'aead' : digest }
}

/** They need no hash to tell whether anything was changed; the one in the name makes keys. */
const AEAD = /_gcm$|_ccm(_8)?$|_poly1305$/
