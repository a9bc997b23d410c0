import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runAdmin } from '../../src/ctl/admin/run.ts'
import { drawn, plain } from '../../src/ctl/admin/v2/table.ts'
import { startApi } from '../support/api-client.ts'
import { dataDirectory } from '../support/data-directory.ts'

async function start() {
  const { broker, api } = await startApi()
  const place = ['--host', '127.0.0.1', '--port', String(broker.management?.port)]
  const run = async (words: readonly string[], env: Record<string, string> = {}) => {
    let [stdout, stderr] = ['', '']
    const exitCode = await runAdmin([...place, ...words], {
      env,
      out: (text) => {
        stdout += text
      },
      err: (text) => {
        stderr += text
      },
      input: () => Promise.resolve('typed'),
    })
    return { exitCode, stdout, stderr }
  }
  /** Of one line. */
  const admin = (line: string) => run(line.split(' '))
  return { admin, run, api, broker }
}

const NOTHING = { exitCode: 0, stdout: '', stderr: '' }
const MISSING = { exitCode: 65, stdout: '', stderr: 'API responded with a 404 Not Found\n' }

describe('rabbitmqadmin in its second version', () => {
  test('declares and deletes, and says nothing of it', async () => {
    const { admin } = await start()
    for (const line of [
      'queues declare --name b1 --type quorum --durable true',
      'queues declare --name b1 --type quorum --durable true',
      'declare queue --name b2 --type classic --durable true --arguments {"x-max-length":5}',
      'exchanges declare --name bx --type topic --durable true',
      'bindings declare --source bx --destination-type queue --destination b1 --routing-key k',
      'vhosts declare --name bv --default-queue-type quorum',
      'users declare --name bu --password p --tags administrator',
      'permissions declare --user bu --configure .* --read .* --write .*',
      'policies declare --name bp --pattern ^b --apply-to queues --priority 1 --definition {"max-length":5}',
      '-u bu -p p policies delete --name bp',
      'users delete --name bu',
      'vhosts delete --name bv',
      'queues purge --name b1',
      'bindings delete --source bx --destination-type queue --destination b1 --routing-key k',
      'delete queue --name b2',
      'queues delete --name b1',
      'queues delete --name b1 --idempotently',
      'exchanges delete --name bx',
      'global_parameters set --name g --value {"a":1}',
      'rebalance queues',
    ]) {
      expect(await admin(line), line).toEqual(NOTHING)
    }
    for (const line of [
      'queues delete --name b1',
      'users delete --name bu',
      'get messages --queue nosuch',
      'connections close --name nosuch',
      'bindings declare --source amq.direct --destination-type queue --destination no --routing-key k',
    ]) {
      expect(await admin(line), line).toEqual(MISSING)
    }
  })

  test('lists in a table, in other styles, or in lines for scripts', async () => {
    const { admin, run } = await start()
    await admin('queues declare --name q --arguments {"x-max-length":5,"x-expires":9000}')
    expect((await admin('vhosts list')).stdout).toBe(`\
╭──────┬──────┬──────────────────────┬────────────────────╮
│ name │ tags │ description          │ default_queue_type │
├──────┼──────┼──────────────────────┼────────────────────┤
│ /    │      │ Default virtual host │ classic            │
╰──────┴──────┴──────────────────────┴────────────────────╯
`)
    expect((await admin('--table-style markdown list vhosts')).stdout).toBe(`\
| name | tags | description          | default_queue_type |
|------|------|----------------------|--------------------|
| /    |      | Default virtual host | classic            |
`)
    expect((await admin('queues list --columns name,arguments,message_count')).stdout).toBe(`\
╭──────┬─────────────────────────┬───────────────╮
│ name │ arguments               │ message_count │
├──────┼─────────────────────────┼───────────────┤
│ q    │ x-expires: 9000         │ 0             │
│      │ x-max-length: 5         │               │
│      │ x-queue-type: "classic" │               │
╰──────┴─────────────────────────┴───────────────╯
`)
    const env = { RABBITMQADMIN_NON_INTERACTIVE_MODE: 'true' }
    const flat = await run(['queues', 'list', '--columns', 'name,arguments,messages'], env)
    expect(flat.stdout).toBe('q  x-expires: 9000,x-max-length: 5,x-queue-type: "classic"  0 \n')
    const elsewhere = await admin('--vhost other --non-interactive queues list')
    expect(elsewhere).toEqual(MISSING)
  })

  test('lists everything that there is', async () => {
    const { admin } = await start()
    for (const line of [
      'users list',
      'permissions list',
      'exchanges list',
      'bindings list',
      'policies list',
      'operator_policies list',
      'parameters list_all',
      'global_parameters list',
      'vhost_limits list',
      'user_limits list',
      'connections list',
      'channels list',
      'nodes list',
      'feature_flags list',
      'deprecated_features list',
      'show churn',
      'queues list',
    ]) {
      const { exitCode, stdout, stderr } = await admin(line)
      expect([line, exitCode, stderr]).toEqual([line, 0, ''])
      expect(stdout).toMatch(/^╭─/)
    }
  })

  test('publishes and fetches', async () => {
    const { admin } = await start()
    await admin('queues declare --name q')
    const routed = { ...NOTHING, stdout: 'Message published and routed successfully\n' }
    expect(await admin('publish message --routing-key q --payload hello')).toEqual(routed)
    expect(await admin('publish message --routing-key q')).toEqual(routed)
    expect((await admin('publish message --routing-key none --payload x')).stdout).toBe(
      'Message published but NOT routed\n',
    )
    const fetch = '--non-interactive get messages --queue q --ack-mode'
    expect((await admin(`${fetch} ack_requeue_true`)).stdout).toContain('  hello  string')
    expect((await admin(`${fetch} ack_requeue_false --count 2`)).stdout).toMatch(
      /hello\s+string \n.*typed\s+string \n$/,
    )
  })

  test('checks health, and says in a table what is wrong', async () => {
    const { admin, broker } = await start()
    const passed = { ...NOTHING, stdout: 'health check passed\n' }
    for (const name of ['local_alarms', 'cluster_wide_alarms', 'node_is_quorum_critical']) {
      expect(await admin(`health_check ${name}`), name).toEqual(passed)
    }
    const port = broker.amqp.port
    expect(await admin(`health_check port_listener --port ${port}`)).toEqual(passed)
    expect(await admin('health_check port_listener --port 1')).toEqual({
      exitCode: 69,
      stderr: '',
      stdout: `\
╭───────────────┬───────────────────────────────╮
│ key           │ value                         │
├───────────────┼───────────────────────────────┤
│ result        │ health check failed           │
│ path          │ health/checks/port-listener/1 │
│ status_code   │ 503 Service Unavailable       │
│ reason        │ No active listener            │
│ inactive port │ 1                             │
╰───────────────┴───────────────────────────────╯
`,
    })
  })

  test('takes definitions out and in', async () => {
    const { admin } = await start()
    await admin('queues declare --name q')
    const file = join(await dataDirectory(), 'd.json')
    expect(await admin(`definitions export --file ${file}`)).toEqual(NOTHING)
    expect(JSON.parse(await readFile(file, 'utf8')).queues).toHaveLength(1)
    expect((await admin('definitions export --stdout')).stdout).toContain('"rabbit_version"')
    await admin('queues delete --name q')
    expect(await admin(`definitions import --file ${file}`)).toEqual(NOTHING)
    expect((await admin('queues show --name q')).exitCode).toBe(0)
    expect((await admin('definitions import --file /nosuch')).exitCode).toBe(65)
  })

  test('tells what the broker says, and what is wrong with the command line', async () => {
    const { admin } = await start()
    await admin('queues declare --name q --type quorum')
    expect(await admin('queues declare --name q')).toEqual({
      exitCode: 65,
      stdout: '',
      stderr:
        "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received 'classic' but current is 'quorum'\n",
    })
    expect((await admin('-p bad vhosts list')).stderr).toBe('Not_Authorized\n')
    expect(await admin('queues declare')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `\
error: the following required arguments were not provided:
  --name <name>

Usage: rabbitmqadmin queues declare --name <name>

For more information, try '--help'.
`,
    })
    expect((await admin('queues nosuch')).stderr).toContain("unrecognized subcommand 'nosuch'")
    expect((await admin('queues declare --name q --exclusive true')).stderr).toContain(
      "unexpected argument '--exclusive' found",
    )
    const { exitCode, stdout } = await admin('queues --help')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('declare')])
  })
})

test('a title stands above the columns, and a table without rows is open below', () => {
  expect(drawn({ title: 'A', columns: ['key', 'value'], rows: [['a', 'b']] }, 'modern')).toBe(`\
╭─────┬───────╮
│ A           │
├─────┼───────┤
│ key │ value │
│ a   │ b     │
╰─────┴───────╯
`)
  expect(drawn({ columns: ['a'], rows: [] }, 'modern')).toBe('╭───╮\n│ a │\n├───┤\n')
  expect(drawn({ columns: ['a', 'b'], rows: [['1', '2']] }, 'psql')).toBe(
    ' a | b \n---+---\n 1 | 2 \n',
  )
  expect(
    plain({
      columns: ['a', 'b'],
      rows: [
        ['1', 'x\ny'],
        ['22', ''],
      ],
    }),
  ).toBe('1   x,y \n22      \n')
})
