import { hash as hashOnce, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * RabbitMQ's `rabbit_password_hashing_sha256`: base64 of a 4-byte salt followed by SHA-256 of salt and password
 * (RabbitMQ documentation, passwords).
 */
export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_SIZE)
  return Buffer.concat([salt, digest(salt, password)]).toString('base64')
}

/** Takes the same time wherever the two differ. */
export function isPassword(password: string, hash: string): boolean {
  const bytes = Buffer.from(hash, 'base64')
  const expected = bytes.subarray(SALT_SIZE)
  const actual = digest(bytes.subarray(0, SALT_SIZE), password)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

const SALT_SIZE = 4

function digest(salt: Uint8Array, password: string): Buffer {
  return hashOnce('sha256', Buffer.concat([salt, Buffer.from(password)]), 'buffer')
}
