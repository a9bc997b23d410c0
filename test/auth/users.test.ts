import { expect, test } from 'vitest'
import { Permissions, TopicPermissions } from '../../src/auth/permissions.ts'
import { Users } from '../../src/auth/users.ts'

test('a user is known by name and password together', () => {
  const users = new Users()
  const guest = users.add('guest', 'secret', ['administrator'])
  users.add('other', 'password', [])
  expect(users.authenticate('guest', 'secret')).toBe(guest)
  expect(users.authenticate('guest', 'password')).toBeNull()
  expect(users.authenticate('guest', '')).toBeNull()
  expect(users.authenticate('Guest', 'secret')).toBeNull()
  expect(users.authenticate('nobody', 'secret')).toBeNull()
  expect(users.authenticate('nobody', '')).toBeNull()
})

test('a user added again has the new password only', () => {
  const users = new Users()
  users.add('guest', 'old', [])
  const guest = users.add('guest', 'new', [])
  expect(users.authenticate('guest', 'old')).toBeNull()
  expect(users.authenticate('guest', 'new')).toBe(guest)
})

test('the password itself is not kept', () => {
  const guest = new Users().add('guest', 'a very secret word', [])
  expect(JSON.stringify(Object.values(guest))).not.toContain('secret')
})

test('a vhost is closed to a user without permissions there', () => {
  const users = new Users()
  const guest = users.add('guest', 'guest', [])
  const permissions = new Permissions('.*', '.*', '.*')
  expect(guest.permissions.get('/')).toBeUndefined()
  users.setPermissions(guest, '/', permissions)
  expect(guest.permissions.get('/')).toBe(permissions)
  expect(guest.permissions.get('other')).toBeUndefined()
})

test('a user who is deleted is not known any more, nor deleted twice', () => {
  const users = new Users()
  users.add('guest', 'guest', [])
  expect(users.delete('guest')).toBe(true)
  expect(users.delete('guest')).toBe(false)
  expect(users.get('guest')).toBeNull()
  expect(users.authenticate('guest', 'guest')).toBeNull()
})

test('a vhost that is forgotten takes its permissions along, those of others stay', () => {
  const users = new Users()
  const guest = users.add('guest', 'guest', [])
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
  const guest = users.add('guest', 'guest', [])
  generations.push(users.generation)
  users.setPermissions(guest, '/', new Permissions('', '', ''))
  generations.push(users.generation)
  users.setPermissions(guest, '/', null)
  generations.push(users.generation)
  users.setTopicPermissions(guest, '/', 'x', new TopicPermissions('', ''))
  generations.push(users.generation)
  users.setTags(guest, ['monitoring'])
  generations.push(users.generation)
  users.forgetVhost('/')
  generations.push(users.generation)
  users.delete('guest')
  generations.push(users.generation)
  expect(new Set(generations).size).toBe(8)
})
