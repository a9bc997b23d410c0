import assert from 'node:assert/strict'
import {
  brokerUser,
  canLogIn,
  cannotLogIn,
  GUEST,
  type Login,
  logHas,
  OUTSIDE,
  printed,
} from './checks.ts'
import type { Container } from './container.ts'

/** A compose file as people have them, and what holds once its broker is healthy. */
export interface Shape {
  readonly name: string
  /** Below `compose/`. */
  readonly file: string
  check(container: Container): Promise<void>
}

const CLERK: Login = { user: 'clerk', password: 'pencil', vhost: 'shop' }

/** In the order of drop-in 10, and then what it does not name. */
export const SHAPES: readonly Shape[] = [
  {
    name: 'the management image with a user of its own',
    file: 'management.yml',
    async check(container) {
      await canLogIn(container, { user: 'app', password: 's3cret' })
      await cannotLogIn(container, GUEST)
      assert.equal(await brokerUser(container), '999')
      const url = `http://${OUTSIDE}:15672/api/whoami`
      const curl = ['curl', '-sf', '-u', 'app:s3cret', url]
      const { stdout } = await container.runBeside(curl)
      assert.match(stdout, /"name":"app"/)
    },
  },
  {
    name: 'rabbitmq.conf, definitions.json and enabled_plugins mounted',
    file: 'mounted/compose.yml',
    async check(container) {
      await canLogIn(container, CLERK, 'orders.new')
      await cannotLogIn(container, GUEST)
      logHas(container, 'something.that.nobody.knows')
      logHas(container, 'rabbitmq_mqtt has no match here')
      assert.match(await printed(container, 'rabbitmqctl', '-q', 'list_vhosts'), /^shop$/m)
    },
  },
  {
    name: 'definitions by RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS',
    file: 'erlang-arguments/compose.yml',
    check: (container) => canLogIn(container, CLERK, 'orders.new'),
  },
  {
    name: 'an image built on it, with plug-ins enabled and files copied',
    file: 'derived/compose.yml',
    async check(container) {
      await canLogIn(container, CLERK, 'orders.new')
      const plugins = await printed(container, 'cat', '/etc/rabbitmq/enabled_plugins')
      for (const name of ['rabbitmq_management', 'rabbitmq_mqtt', 'rabbitmq_shovel']) {
        assert.match(plugins, new RegExp(`\\b${name}\\b`))
      }
    },
  },
  {
    name: 'a script that adds users while the broker starts',
    file: 'init-script/compose.yml',
    async check(container) {
      const login = { user: 'worker', password: 'w0rk' }
      await container.until('permitted', async () => {
        const permissions = await container.exec(['rabbitmqctl', '-q', 'list_permissions'])
        return permissions.stdout.includes('worker')
      })
      await canLogIn(container, login)
    },
  },
  { name: 'the data in a tmpfs', file: 'tmpfs.yml', check: (c) => canLogIn(c, GUEST) },
  {
    name: 'a hostname, a volume and a vhost',
    file: 'volume.yml',
    async check(container) {
      await canLogIn(container, { ...GUEST, vhost: 'shop' }, 'kept=hare')
      await cannotLogIn(container, GUEST)
      assert.match(await printed(container, 'rabbitmqctl', 'status'), /rabbit@rabbitmq/)
    },
  },
  { name: 'command: rabbitmq-server', file: 'command.yml', check: (c) => canLogIn(c, GUEST) },
  {
    name: 'a shell that enables plug-ins and then starts it',
    file: 'shell-command.yml',
    async check(container) {
      await canLogIn(container, GUEST)
      assert.match(
        await printed(container, 'cat', '/etc/rabbitmq/enabled_plugins'),
        /rabbitmq_shovel_management/,
      )
    },
  },
  {
    name: 'a service of GitHub Actions',
    file: 'github-actions.yml',
    check: (container) => canLogIn(container, { user: 'ci', password: 'ci' }),
  },
  {
    name: 'a password in a secret that root alone can read',
    file: 'secrets/compose.yml',
    async check(container) {
      await canLogIn(container, { user: 'app', password: 'from-a-file' })
      assert.equal(await brokerUser(container), '999')
    },
  },
  {
    name: 'directories of the host, new and of root',
    file: 'bind.yml',
    async check(container) {
      await canLogIn(container, GUEST, 'kept=hare')
      const uids = await printed(container, 'stat', '-c', '%u', '/data', '/var/lib/rabbitmq')
      assert.deepEqual(uids.split('\n'), ['999', '999'])
      assert.notEqual(await printed(container, 'ls', '/data'), '')
    },
  },
  {
    name: 'another user, without root at any time',
    file: 'other-user.yml',
    async check(container) {
      await canLogIn(container, { ...GUEST, port: 5673 })
      assert.equal(await brokerUser(container), '1234')
    },
  },
  {
    name: 'a configuration under a name of its own, and commands that prepare it (Testcontainers for Java)',
    file: 'custom-config/compose.yml',
    async check(container) {
      await printed(container, 'rabbitmq-plugins', 'enable', 'rabbitmq_shovel')
      const admin = (...words: string[]) => printed(container, 'rabbitmqadmin', ...words)
      assert.equal(await admin('declare', 'vhost', 'name=shop'), 'vhost declared')
      await admin('declare', 'user', 'name=clerk', 'password=pencil', 'tags=administrator')
      const all = ['configure=.*', 'write=.*', 'read=.*']
      await admin('declare', 'permission', 'vhost=shop', 'user=clerk', ...all)
      const args = 'arguments={"x-max-length":5}'
      await admin(
        '-u',
        'clerk',
        '-p',
        'pencil',
        '--vhost=shop',
        'declare',
        'queue',
        'name=orders.new',
        'durable=true',
        args,
      )
      await canLogIn(container, CLERK, 'orders.new')
      assert.match(await printed(container, 'rabbitmqctl', 'cluster_status'), /name: custom/)
      const status = await printed(container, 'rabbitmqctl', 'status')
      assert.match(status, /Low free disk space watermark: 0\.06 gb/)
      assert.match(status, /rabbitmq-custom\.conf/)
    },
  },
  {
    name: 'users and listeners in a configuration file (Testcontainers for Go)',
    file: 'own-listener/compose.yml',
    check: (container) => canLogIn(container, { user: 'tester', password: 't3st', port: 5679 }),
  },
  {
    name: 'a script that starts it detached',
    file: 'detached.yml',
    check: (container) => canLogIn(container, GUEST),
  },
  {
    name: 'a network without IPv6',
    file: 'no-ipv6.yml',
    check: (container) => canLogIn(container, GUEST),
  },
  {
    name: 'nothing but flags for a command',
    file: 'flags.yml',
    check: (container) => canLogIn(container, { ...GUEST, port: 5674 }),
  },
]
