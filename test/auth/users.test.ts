import { expect, test } from 'vitest'
import { hashPassword } from '../../src/auth/password.ts'
import { Permissions, TopicPermissions } from '../../src/auth/permissions.ts'
import { type UserSettings, Users } from '../../src/auth/users.ts'

test('a user is known by name and password together', () => {
  const users = new Users()
  const guest = users.set(settings('guest', 'secret', ['administrator']))
  users.set(settings('other', 'password'))
  expect(users.authenticate('guest', 'secret')).toBe(guest)
  expect(users.authenticate('guest', 'password')).toBeNull()
  expect(users.authenticate('guest', '')).toBeNull()
  expect(users.authenticate('Guest', 'secret')).toBeNull()
  expect(users.authenticate('nobody', 'secret')).toBeNull()
  expect(users.authenticate('nobody', '')).toBeNull()
})

test('a user added again has the new password only', () => {
  const users = new Users()
  users.set(settings('guest', 'old'))
  const guest = users.set(settings('guest', 'new'))
  expect(users.authenticate('guest', 'old')).toBeNull()
  expect(users.authenticate('guest', 'new')).toBe(guest)
})

test('a user set again is the same one, with other tags and limits', () => {
  const users = new Users()
  const guest = users.set({ ...settings('guest', 'guest', ['monitoring']), maxChannels: 5 })
  users.setPermissions(guest, '/', new Permissions('.*', '.*', '.*'))
  expect(users.set({ ...settings('guest', 'guest'), maxConnections: 7 })).toBe(guest)
  expect(guest).toMatchObject({ maxConnections: 7, maxChannels: null })
  expect([...guest.tags]).toEqual([])
  expect(guest.permissions.size).toBe(1)
})

test('a password hash is kept as it is', () => {
  const passwordHash = hashPassword('secret')
  const users = new Users()
  users.set({ ...settings('guest', ''), passwordHash })
  expect(users.authenticate('guest', 'secret')?.passwordHash).toBe(passwordHash)
})

test('the password itself is not kept', () => {
  const guest = new Users().set(settings('guest', 'a very secret word'))
  expect(JSON.stringify(Object.values(guest))).not.toContain('secret')
})

test('a vhost is closed to a user without permissions there', () => {
  const users = new Users()
  const guest = users.set(settings('guest', 'guest'))
  const permissions = new Permissions('.*', '.*', '.*')
  expect(guest.permissions.get('/')).toBeUndefined()
  users.setPermissions(guest, '/', permissions)
  expect(guest.permissions.get('/')).toBe(permissions)
  expect(guest.permissions.get('other')).toBeUndefined()
})

test('a user who is deleted is not known any more, nor deleted twice', () => {
  const users = new Users()
  users.set(settings('guest', 'guest'))
  expect(users.delete('guest')).toBe(true)
  expect(users.delete('guest')).toBe(false)
  expect(users.get('guest')).toBeNull()
  expect(users.authenticate('guest', 'guest')).toBeNull()
})

test('a vhost that is forgotten takes its permissions along, those of others stay', () => {
  const users = new Users()
  const guest = users.set(settings('guest', 'guest'))
  const permissions = new Permissions('.*', '.*', '.*')
  const topicPermissions = new TopicPermissions('.*', '.*')
  for (const vhost of ['a', 'ab']) {
    users.setPermissions(guest, vhost, permissions)
    users.setTopicPermissions(guest, vhost, 'x', topicPermissions)
  }
  users.forgetVhost('a')
  expect(guest.permissions.get('a')).toBeUndefined()
  expect(guest.topicPermissionsOf('a', 'x')).toBeNull()
  expect(guest.permissions.get('ab')).toBe(permissions)
  expect(guest.topicPermissionsOf('ab', 'x')).toBe(topicPermissions)
})

test('every change moves the generation', () => {
  const users = new Users()
  const generations = [users.generation]
  const guest = users.set(settings('guest', 'guest'))
  generations.push(users.generation)
  users.setPermissions(guest, '/', new Permissions('', '', ''))
  generations.push(users.generation)
  users.setPermissions(guest, '/', null)
  generations.push(users.generation)
  users.setTopicPermissions(guest, '/', 'x', new TopicPermissions('', ''))
  generations.push(users.generation)
  users.set({ ...settings('guest', 'guest'), tags: ['monitoring'] })
  generations.push(users.generation)
  users.forgetVhost('/')
  generations.push(users.generation)
  users.delete('guest')
  generations.push(users.generation)
  expect(new Set(generations).size).toBe(8)
})

function settings(name: string, password: string, tags: readonly string[] = []): UserSettings {
  const limits = { maxConnections: null, maxChannels: null }
  return { name, passwordHash: hashPassword(password), tags, ...limits }
}
