import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { drawnGrid, gridOf } from '../../src/ctl/admin/grid.ts'
import { runAdmin } from '../../src/ctl/admin/run.ts'
import { startApi } from '../support/api-client.ts'
import { dataDirectory } from '../support/data-directory.ts'

async function start() {
  const { broker } = await startApi()
  const admin = async (...words: string[]) => {
    let [stdout, stderr] = ['', '']
    const place = ['--host=127.0.0.1', '-P', String(broker.management?.port)]
    const exitCode = await runAdmin([...place, ...words], {
      env: {},
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
  return { admin }
}

describe('rabbitmqadmin', () => {
  test('declares, publishes, fetches, purges and deletes', async () => {
    const { admin } = await start()
    const queue = await admin('declare', 'queue', 'name=q', 'durable=true', 'queue_type=quorum')
    expect(queue).toEqual({ exitCode: 0, stdout: 'queue declared\n', stderr: '' })
    await admin('declare', 'exchange', 'name=x', 'type=direct')
    await admin('declare', 'binding', 'source=x', 'destination=q', 'routing_key=k')
    const published = await admin('publish', 'exchange=x', 'routing_key=k', 'payload=hello')
    expect(published.stdout).toBe('Message published\n')
    expect((await admin('publish', 'exchange=x', 'routing_key=none')).stdout).toBe(
      'Message published but NOT routed\n',
    )
    await admin('publish', 'routing_key=q')
    const got = await admin('-f', 'tsv', 'get', 'queue=q', 'count=2', 'ackmode=ack_requeue_false')
    expect(got.stdout).toContain('\thello\t')
    expect(got.stdout).toContain('\ttyped\t')
    expect((await admin('purge', 'queue', 'name=q')).stdout).toBe('queue purged\n')
    expect((await admin('delete', 'queue', 'name=q')).stdout).toBe('queue deleted\n')
    expect(await admin('delete', 'queue', 'name=q')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: '*** Not found: /api/queues/%2F/q\n',
    })
  })

  test('says what is missing', async () => {
    const { admin } = await start()
    const { exitCode, stderr } = await admin('declare', 'exchange', 'name=x')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('ERROR: mandatory argument "type" is required')
  })

  test('is refused without a right login', async () => {
    const { admin } = await start()
    const refused = await admin('-u', 'guest', '-p', 'bad', 'list', 'vhosts')
    expect(refused.stderr).toBe('*** Access refused: /api/vhosts?columns=name,messages\n')
  })

  test('exports what it imports', async () => {
    const { admin } = await start()
    const file = join(await dataDirectory(), 'definitions.json')
    await admin('declare', 'vhost', 'name=v')
    await admin('export', file)
    expect(await readFile(file, 'utf8')).toContain('"name":"v"')
    await admin('delete', 'vhost', 'name=v')
    expect((await admin('import', file)).exitCode).toBe(0)
    expect((await admin('-f', 'bash', 'list', 'vhosts', 'name')).stdout).toBe('/ v\n')
  })
})

describe('a list', () => {
  const items = [
    { name: 'q', on: true, nothing: null, inner: { a: 1 }, tags: ['x', 'y'] },
    { name: 'long name', on: false, nothing: null, inner: { a: 2 }, tags: [] },
  ]

  test('has the names of all fields that are no objects, the telling ones first', () => {
    const grid = gridOf(items, null, { depth: 1, json: [] })
    expect(grid.columns).toEqual(['name', 'nothing', 'on', 'tags'])
    expect(grid.rows[0]).toEqual(['q', '', 'True', 'x y'])
  })

  test('goes into objects by names with dots', () => {
    const grid = gridOf(items, ['name', 'inner.a'], { depth: 1, json: [] })
    expect(grid.rows).toEqual([
      ['q', '1'],
      ['long name', '2'],
    ])
  })

  test.each([
    ['tsv', 'name\ton\nq\tTrue\nlong name\tFalse\n'],
    ['kvp', 'name="q" on="True"\nname="long name" on="False"\n'],
    ['bash', 'q long name\n'],
    [
      'table',
      '+-----------+-------+\n|   name    |  on   |\n+-----------+-------+\n| q         | True  |\n| long name | False |\n+-----------+-------+\n',
    ],
  ])('is drawn as %s', (format, drawn) => {
    expect(drawnGrid(gridOf(items, ['name', 'on'], { depth: 1, json: [] }), format)).toBe(drawn)
  })
})
