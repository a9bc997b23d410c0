import type { Permissions } from '../../auth/permissions.ts'
import type { TopicPermissionEntry, User } from '../../auth/users.ts'
import type { JsonObject } from '../../common/json.ts'
import { userLimitsJson } from '../definitions/parameters.ts'
import type { View } from './view.ts'

export const userView: View<User> = {
  name: { type: 'string', read: ({ name }) => name },
  password_hash: { type: 'string', read: ({ passwordHash }) => passwordHash },
  hashing_algorithm: { type: 'string', read: ({ hashingAlgorithm }) => hashingAlgorithm },
  tags: { type: 'array', read: ({ tags }) => [...tags] },
  limits: { type: 'object', read: (user) => userLimitsJson(user) },
}

/** What a user may do in a vhost. */
export interface PermissionOfUser {
  readonly user: User
  readonly vhost: string
  readonly permissions: Permissions
}

export const permissionView: View<PermissionOfUser> = {
  user: { type: 'string', read: ({ user }) => user.name },
  vhost: { type: 'string', read: ({ vhost }) => vhost },
  configure: { type: 'string', read: ({ permissions }) => permissions.configure },
  write: { type: 'string', read: ({ permissions }) => permissions.write },
  read: { type: 'string', read: ({ permissions }) => permissions.read },
}

/** What a user may publish to a topic exchange, and bind from it. */
export interface TopicPermissionOfUser extends TopicPermissionEntry {
  readonly user: User
}

export const topicPermissionView: View<TopicPermissionOfUser> = {
  user: { type: 'string', read: ({ user }) => user.name },
  vhost: { type: 'string', read: ({ vhost }) => vhost },
  exchange: { type: 'string', read: ({ exchange }) => exchange },
  write: { type: 'string', read: ({ permissions }) => permissions.write },
  read: { type: 'string', read: ({ permissions }) => permissions.read },
}

export function permissionsOf(users: Iterable<User>): PermissionOfUser[] {
  return [...users].flatMap((user) =>
    [...user.permissions].map(([vhost, permissions]) => ({ user, vhost, permissions })),
  )
}

export function topicPermissionsOf(users: Iterable<User>): TopicPermissionOfUser[] {
  return [...users].flatMap((user) =>
    [...user.topicPermissionEntries()].map((entry) => ({ ...entry, user })),
  )
}

/** Who somebody is, as `whoami` and `login` tell. */
export function identityOf({ name, tags }: User): JsonObject {
  return { name, tags: [...tags], is_internal_user: true }
}
