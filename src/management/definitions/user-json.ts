import { hashPassword } from '../../auth/password.ts'
import type { UserToPut } from './defined-broker.ts'
import { DefinitionsError } from './definitions-error.ts'
import { erlangOfJson } from './erlang-json.ts'
import type { Fields } from './fields.ts'
import { userLimitsOf } from './parameters.ts'

/**
 * A user as RabbitMQ takes one in JSON: with a password or the hash of one, `tags` or the old `administrator`. Throws a
 * DefinitionsError with RabbitMQ's reason.
 */
export function userOfJson(user: Fields): UserToPut {
  const tags = tagsOf(user)
  const name = user.text('name')
  const password = user.optionalText('password')
  const hash = user.optionalText('password_hash')
  if (password !== undefined && hash !== undefined) {
    throw new DefinitionsError('both_password_and_password_hash_are_provided')
  }
  const limits = userLimitsOf(user.object('limits').json)
  if (password !== undefined) return { name, passwordHash: hashPassword(password), tags, ...limits }
  const passwordHash = hash ?? ''
  if (!isBase64(passwordHash)) {
    throw new DefinitionsError(`{not_base64,${erlangOfJson(passwordHash)}}`)
  }
  const hashingAlgorithm = user.optionalText('hashing_algorithm')
  const algorithm = hashingAlgorithm === undefined ? {} : { hashingAlgorithm }
  return { name, passwordHash, ...algorithm, tags, ...limits }
}

function tagsOf(user: Fields): readonly string[] {
  if (user.has('tags')) return user.tags('tags')
  if (!user.has('administrator')) throw new DefinitionsError('tags_not_present')
  return user.boolean('administrator', false) ? ['administrator'] : []
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
