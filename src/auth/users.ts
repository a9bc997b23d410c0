import { hashPassword, isPassword } from './password.ts'
import type { Permissions } from './permissions.ts'

/** Who may log in, and what for. */
export class Users {
  /** Grows with every change, so that remembered answers can be told to be old. */
  generation = 1
  private readonly users = new Map<string, User>()

  add(name: string, password: string, tags: readonly string[]): User {
    const user = new User(name, hashPassword(password), tags)
    this.users.set(name, user)
    this.generation++
    return user
  }

  grant(user: User, vhost: string, permissions: Permissions): void {
    user.permissions.set(vhost, permissions)
    this.generation++
  }

  /** The user, if there is one with this name and password. */
  authenticate(name: string, password: string): User | null {
    const user = this.users.get(name)
    const isRight = isPassword(password, user?.passwordHash ?? NO_HASH)
    return user !== undefined && isRight ? user : null
  }
}

export class User {
  readonly name: string
  readonly passwordHash: string
  readonly tags: ReadonlySet<string>
  /** By vhost; a vhost without an entry is closed to the user. */
  readonly permissions = new Map<string, Permissions>()

  constructor(name: string, passwordHash: string, tags: readonly string[]) {
    this.name = name
    this.passwordHash = passwordHash
    this.tags = new Set(tags)
  }
}

/** Checked when there is no such user, so that the time taken does not tell. */
const NO_HASH = hashPassword('')
