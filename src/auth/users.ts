import { hashPassword, isPassword, SHA256 } from './password.ts'
import type { Permissions, TopicPermissions } from './permissions.ts'

/** Who may log in, and what for. */
export class Users {
  /** Grows with every change, so that remembered answers can be told to be old. */
  generation = 1
  private readonly users = new Map<string, User>()

  get(name: string): User | null {
    return this.users.get(name) ?? null
  }

  [Symbol.iterator](): Iterator<User> {
    return this.users.values()
  }

  /** Adds a user, or gives one that exists another password, other tags and limits. */
  set(settings: UserSettings): User {
    const { name, passwordHash, tags, maxConnections, maxChannels } = settings
    let user = this.users.get(name)
    if (user === undefined) {
      user = new User(name, passwordHash)
      this.users.set(name, user)
    }
    user.passwordHash = passwordHash
    user.hashingAlgorithm = settings.hashingAlgorithm ?? SHA256
    user.tags = new Set(tags)
    user.maxConnections = maxConnections
    user.maxChannels = maxChannels
    this.generation++
    return user
  }

  /** False when there was none. Connections that are open stay so. */
  delete(name: string): boolean {
    this.generation++
    return this.users.delete(name)
  }

  /** Null closes the vhost to the user. */
  setPermissions(user: User, vhost: string, permissions: Permissions | null): void {
    if (permissions === null) user.permissions.delete(vhost)
    else user.permissions.set(vhost, permissions)
    this.generation++
  }

  /** Null lets every routing key of the exchange pass again. */
  setTopicPermissions(
    user: User,
    vhost: string,
    exchange: string,
    permissions: TopicPermissions | null,
  ): void {
    const key = topicKey(vhost, exchange)
    if (permissions === null) user.topicPermissions.delete(key)
    else user.topicPermissions.set(key, permissions)
    this.generation++
  }

  /** A vhost is gone, and with it all that was permitted there. */
  forgetVhost(vhost: string): void {
    for (const user of this.users.values()) {
      user.permissions.delete(vhost)
      for (const key of user.topicPermissions.keys()) {
        if (key.startsWith(topicKey(vhost, ''))) user.topicPermissions.delete(key)
      }
    }
    this.generation++
  }

  /** The user, if there is one with this name and password. The empty password is nobody's, as in RabbitMQ. */
  authenticate(name: string, password: string): User | null {
    const user = this.users.get(name)
    const isRight = isPassword(password, user?.passwordHash ?? NO_HASH, user?.hashingAlgorithm)
    return user !== undefined && isRight && password !== '' ? user : null
  }
}

/** All of a user but the permissions. */
export interface UserSettings {
  readonly name: string
  /** As `hashPassword` gives it; the empty text fits no password. */
  readonly passwordHash: string
  /** RabbitMQ's name of it; SHA-256 unless given. */
  readonly hashingAlgorithm?: string
  readonly tags: readonly string[]
  readonly maxConnections: number | null
  readonly maxChannels: number | null
}

export class User {
  readonly name: string
  passwordHash: string
  hashingAlgorithm: string = SHA256
  tags: ReadonlySet<string> = new Set()
  /** Most connections; null for any number. */
  maxConnections: number | null = null
  /** Most channels over all connections; null for any number. */
  maxChannels: number | null = null
  /** By vhost; a vhost without an entry is closed to the user. */
  readonly permissions = new Map<string, Permissions>()
  /** By vhost and exchange; an exchange without an entry is open. */
  readonly topicPermissions = new Map<string, TopicPermissions>()

  constructor(name: string, passwordHash: string) {
    this.name = name
    this.passwordHash = passwordHash
  }

  *topicPermissionEntries(): Iterable<TopicPermissionEntry> {
    for (const [key, permissions] of this.topicPermissions) {
      const [vhost = '', exchange = ''] = key.split('\0')
      yield { vhost, exchange, permissions }
    }
  }

  topicPermissionsOf(vhost: string, exchange: string): TopicPermissions | null {
    return this.topicPermissions.get(topicKey(vhost, exchange)) ?? null
  }
}

export interface TopicPermissionEntry {
  readonly vhost: string
  readonly exchange: string
  readonly permissions: TopicPermissions
}

function topicKey(vhost: string, exchange: string): string {
  return `${vhost}\0${exchange}`
}

/** Checked when there is no such user, so that the time taken does not tell. */
const NO_HASH = hashPassword('')
