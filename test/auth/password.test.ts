import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashPassword, isPassword, MD5, SHA512 } from '../../src/auth/password.ts'

/** The example of RabbitMQ's documentation: salt 908DC60A, password test12. */
const DOCUMENTED = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'

test('the documented hash is salt, then SHA-256 of salt and password, and fits the password', () => {
  const salt = Buffer.from('908dc60a', 'hex')
  const digest = createHash('sha256').update(salt).update('test12').digest()
  expect(Buffer.concat([salt, digest]).toString('base64')).toBe(DOCUMENTED)
  expect(isPassword('test12', DOCUMENTED)).toBe(true)
  expect(isPassword('test13', DOCUMENTED)).toBe(false)
})

test('a hash fits its password and no other', () => {
  const passwords = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(passwords, passwords, (password, other) => {
      const hash = hashPassword(password)
      expect(isPassword(password, hash)).toBe(true)
      const isOther = !Buffer.from(password).equals(Buffer.from(other))
      expect(isPassword(other, hash)).toBe(!isOther)
    }),
  )
})

test('one password has many hashes of 36 bytes', () => {
  const hashes = Array.from({ length: 20 }, () => hashPassword('guest'))
  expect(new Set(hashes).size).toBe(20)
  for (const hash of hashes) expect(Buffer.from(hash, 'base64')).toHaveLength(36)
})

test('what is no hash fits nothing', () => {
  const salt = Buffer.from('908dc60a', 'hex')
  for (const hash of ['', 'AAAA', salt.toString('base64'), DOCUMENTED.slice(0, -4)]) {
    expect(isPassword('', hash)).toBe(false)
    expect(isPassword('test12', hash)).toBe(false)
  }
})

test.each([
  [SHA512, 68],
  [MD5, 20],
])('%s has hashes of its own', (algorithm, size) => {
  const hash = hashPassword('secret', algorithm)
  expect(Buffer.from(hash, 'base64')).toHaveLength(size)
  expect(isPassword('secret', hash, algorithm)).toBe(true)
  expect(isPassword('Secret', hash, algorithm)).toBe(false)
  expect(isPassword('secret', hash)).toBe(false)
})

test('an algorithm that is not known fits nothing and makes no hashes', () => {
  expect(isPassword('secret', hashPassword('secret'), 'rot13')).toBe(false)
  expect(() => hashPassword('secret', 'rot13')).toThrow('rot13 is no hashing algorithm')
})
