/** TLS with a key that both sides know needs no certificate; its records cost what others do (AES-256-GCM). */
export const PSK = {
  ciphers: 'PSK-AES256-GCM-SHA384',
  maxVersion: 'TLSv1.2',
  pskCallback: () => ({ psk: KEY, identity: 'client' }),
} as const

export const KEY = Buffer.alloc(32, 7)
