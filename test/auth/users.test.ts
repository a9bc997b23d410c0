import { expect, test } from 'vitest'
import { Permissions } from '../../src/auth/permissions.ts'
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
  users.grant(guest, '/', permissions)
  expect(guest.permissions.get('/')).toBe(permissions)
  expect(guest.permissions.get('other')).toBeUndefined()
})

test('every change moves the generation', () => {
  const users = new Users()
  const generations = [users.generation]
  const guest = users.add('guest', 'guest', [])
  generations.push(users.generation)
  users.grant(guest, '/', new Permissions('', '', ''))
  generations.push(users.generation)
  expect(new Set(generations).size).toBe(3)
})
