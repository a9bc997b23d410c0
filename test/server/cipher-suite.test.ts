import { expect, test } from 'vitest'
import { cipherSuiteOf } from '../../src/server/cipher-suite.ts'

test.each([
  ['TLS_AES_256_GCM_SHA384', 'any', 'aes_256_gcm', 'aead'],
  ['TLS_CHACHA20_POLY1305_SHA256', 'any', 'chacha20_poly1305', 'aead'],
  ['TLS_AES_128_CCM_8_SHA256', 'any', 'aes_128_ccm_8', 'aead'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ecdhe_rsa', 'aes_256_gcm', 'aead'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ecdhe_ecdsa', 'chacha20_poly1305', 'aead'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'ecdhe_ecdsa', 'aes_128_ccm', 'aead'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ecdhe_rsa', 'aes_256_cbc', 'sha384'],
  ['TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 'dhe_rsa', 'aes_128_cbc', 'sha'],
  ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'rsa', '3des_ede_cbc', 'sha'],
])('%s is %s, %s, %s in Erlang’s words', (name, keyExchange, cipher, hash) => {
  expect(cipherSuiteOf(name)).toEqual({ keyExchange, cipher, hash })
})
