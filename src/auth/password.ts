import { hash as hashOnce, randomBytes, timingSafeEqual } from 'node:crypto'

/** RabbitMQ's names of its hashing algorithms. */
export const SHA256 = 'rabbit_password_hashing_sha256'
export const SHA512 = 'rabbit_password_hashing_sha512'
export const MD5 = 'rabbit_password_hashing_md5'

/**
 * Base64 of a 4-byte salt followed by the digest of salt and password (RabbitMQ documentation, passwords). Throws an
 * Error for an algorithm that is not known.
 */
export function hashPassword(password: string, algorithm: string = SHA256): string {
  const digestName = DIGESTS.get(algorithm)
  if (digestName === undefined) throw new Error(`${algorithm} is no hashing algorithm`)
  const salt = randomBytes(SALT_SIZE)
  return Buffer.concat([salt, digest(digestName, salt, password)]).toString('base64')
}

/** Takes the same time wherever the two differ. False for an algorithm that is not known. */
export function isPassword(password: string, hash: string, algorithm: string = SHA256): boolean {
  const digestName = DIGESTS.get(algorithm)
  if (digestName === undefined) return false
  const bytes = Buffer.from(hash, 'base64')
  const expected = bytes.subarray(SALT_SIZE)
  const actual = digest(digestName, bytes.subarray(0, SALT_SIZE), password)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

const DIGESTS = new Map([
  [SHA256, 'sha256'],
  [SHA512, 'sha512'],
  [MD5, 'md5'],
])

const SALT_SIZE = 4

function digest(name: string, salt: Uint8Array, password: string): Buffer {
  return hashOnce(name, Buffer.concat([salt, Buffer.from(password)]), 'buffer')
}
