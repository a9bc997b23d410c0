import type { ConfEntry } from '../conf-file.ts'
import { namesSetTrue, numbered } from '../conf-values.ts'
import type { Config } from '../config.ts'
import type { Option } from '../option.ts'
import { names, namesOrNone, text, type ValueType } from '../value-type.ts'

/** Three patterns with spaces between them. */
const permissions: ValueType<readonly string[]> = {
  placeholder: "'C W R'",
  accepts: 'three patterns with spaces between them',
  parse(value) {
    const patterns = value.split(' ')
    return patterns.length === 3 ? patterns : null
  },
  format: (patterns) => patterns.join(' '),
}

/** A name, or the word `none` for undefined. */
const nameOrNone: ValueType<string | undefined> = {
  placeholder: 'NAME',
  accepts: "a name, or 'none'",
  parse: (value) => (value === 'none' ? undefined : value),
  format: (name) => name ?? 'none',
}

const KINDS = ['configure', 'write', 'read']
const ALL = ['.*', '.*', '.*']

function permissionsFromConf(entries: readonly ConfEntry[]): readonly string[] {
  return KINDS.map((kind, at) => {
    const entry = entries.findLast(({ key }) => key.endsWith(`.${kind}`))
    return entry?.value ?? ALL[at] ?? ''
  })
}

type UsersKey =
  | 'defaultUser'
  | 'defaultPass'
  | 'defaultVhost'
  | 'defaultUserTags'
  | 'defaultPermissions'
  | 'loopbackUsers'
  | 'authMechanisms'
  | 'anonymousUser'
  | 'anonymousPass'

/** Who a new broker knows, and who may log in from where. */
export const USERS: { readonly [K in UsersKey]: Option<Config[K]> } = {
  defaultUser: {
    flag: 'default-user',
    env: 'RABBITMQ_DEFAULT_USER',
    hasFile: true,
    conf: ['default_user'],
    group: 'Users',
    type: text('NAME'),
    default: 'guest',
    help: 'User that a new broker has',
  },
  defaultPass: {
    flag: 'default-pass',
    env: 'RABBITMQ_DEFAULT_PASS',
    hasFile: true,
    conf: ['default_pass'],
    group: 'Users',
    type: text('PASSWORD'),
    default: 'guest',
    help: 'Password of that user',
  },
  defaultVhost: {
    flag: 'default-vhost',
    env: 'RABBITMQ_DEFAULT_VHOST',
    hasFile: true,
    conf: ['default_vhost'],
    group: 'Users',
    type: text('NAME'),
    default: '/',
    help: 'Virtual host that a new broker has',
  },
  defaultUserTags: {
    flag: 'default-user-tags',
    env: 'LEVERET_DEFAULT_USER_TAGS',
    conf: ['default_user_tags.$tag'],
    group: 'Users',
    type: namesOrNone('TAGS'),
    default: ['administrator'],
    help: 'Tags of that user, or none',
    fromConf: namesSetTrue('default_user_tags'),
  },
  defaultPermissions: {
    flag: 'default-permissions',
    env: 'LEVERET_DEFAULT_PERMISSIONS',
    conf: KINDS.map((kind) => `default_permissions.${kind}`),
    group: 'Users',
    type: permissions,
    default: ALL,
    help: 'What that user may configure, write and read there',
    fromConf: permissionsFromConf,
  },
  loopbackUsers: {
    flag: 'loopback-users',
    env: 'LEVERET_LOOPBACK_USERS',
    conf: ['loopback_users', 'loopback_users.$user'],
    group: 'Users',
    type: namesOrNone('USERS'),
    default: ['guest'],
    help: 'Users who may log in from this machine only, or none',
    fromConf: namesSetTrue('loopback_users'),
  },
  authMechanisms: {
    flag: 'auth-mechanisms',
    env: 'LEVERET_AUTH_MECHANISMS',
    conf: ['auth_mechanisms.$n'],
    group: 'Users',
    type: names('NAMES'),
    default: ['PLAIN', 'AMQPLAIN', 'EXTERNAL'],
    help: 'Ways to log in; EXTERNAL is by client certificate',
    fromConf: numbered(names('NAMES')),
  },
  anonymousUser: {
    flag: 'anonymous-login-user',
    env: 'LEVERET_ANONYMOUS_LOGIN_USER',
    conf: ['anonymous_login_user'],
    group: 'Users',
    type: nameOrNone,
    default: 'guest',
    help: 'As whom ANONYMOUS logs in, or none; it has to be a mechanism',
  },
  anonymousPass: {
    flag: 'anonymous-login-pass',
    env: 'LEVERET_ANONYMOUS_LOGIN_PASS',
    conf: ['anonymous_login_pass'],
    group: 'Users',
    type: text('PASSWORD'),
    default: 'guest',
    help: 'Password of that user',
  },
}
