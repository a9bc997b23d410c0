import { createHash } from 'node:crypto'
import amqplib from 'amqplib'
import type { Api } from './api.ts'

/** Users whose passwords are known here, and on the brokers only as hashes. */
export const USERS = [
  { name: 'sha256', password: 'one', digest: 'sha256', tags: ['management'] },
  { name: 'sha512', password: 'two', digest: 'sha512', tags: ['policymaker', 'monitoring'] },
  { name: 'md5', password: 'three', digest: 'md5', tags: ['administrator', 'of our own'] },
  { name: 'é ☃', password: 'wörd ☃', digest: 'sha256', tags: ['management'] },
] as const

/** As RabbitMQ's documentation on passwords says: base64 of a salt of four bytes, and the digest of salt and password. */
export function hashOf({ password, digest, name }: (typeof USERS)[number]): string {
  const salt = createHash('md5').update(name).digest().subarray(0, 4)
  const hash = createHash(digest).update(salt).update(password).digest()
  return Buffer.concat([salt, hash]).toString('base64')
}

/** Whose password is not taken any more, or another one is, over AMQP or over HTTP; in words. */
export async function failedLogins(amqpUrl: string, api: Api): Promise<readonly string[]> {
  const failures: string[] = []
  for (const { name, password } of USERS) {
    for (const [given, isRight] of [
      [password, true],
      [`${password}!`, false],
      ['', false],
    ] as const) {
      const what = `${name} with ${isRight ? 'the' : 'a wrong'} password '${given}'`
      if ((await letsIn(amqpUrl, name, given)) !== isRight) failures.push(`AMQP: ${what}`)
      if ((await api.lets(name, given)) !== isRight) failures.push(`HTTP: ${what}`)
    }
  }
  for (const name of ['no password', 'limited']) {
    if (await letsIn(amqpUrl, name, '')) failures.push(`AMQP: ${name} without a password`)
    if (await api.lets(name, '')) failures.push(`HTTP: ${name} without a password`)
  }
  return failures
}

async function letsIn(url: string, user: string, password: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  try {
    const connection = await amqplib.connect({
      hostname,
      port: Number(port),
      username: user,
      password,
      vhost: 'shop',
    })
    await connection.close()
    return true
  } catch (error) {
    if (/ACCESS_REFUSED|ECONNRESET|closed/.test(String(error))) return false
    throw error
  }
}
