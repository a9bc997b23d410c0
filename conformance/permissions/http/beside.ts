import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import type { Kind } from './areas.ts'
import type { Row } from './row.ts'
import type { Scene } from './scene.ts'

const SOURCE = 'http-api.md 1 and 2'

/** Other methods of the routes, and what there is outside of them. */
export function besideCases(
  rows: readonly Row[],
  scene: Scene,
  kind: Kind,
): readonly ConformanceCase[] {
  return [
    ...otherMethodCases(rows, scene),
    ...strangeCases(scene),
    ...(kind === 'leveret' ? metricsCases(scene) : []),
  ]
}

function otherMethodCases(rows: readonly Row[], scene: Scene): readonly ConformanceCase[] {
  return [
    {
      name: 'HEAD without a login is refused wherever GET is',
      source: SOURCE,
      run: async () => {
        const guarded = rows.filter(({ route, guard }) => /^GET /.test(route) && guard !== 'open')
        const answered = await statusesOf(scene, guarded, 'HEAD')
        assert.deepEqual(
          answered.filter(([, status]) => status !== 401 && status !== 405),
          [],
        )
      },
    },
    {
      name: 'OPTIONS without a login tells the methods of every route, and nothing else',
      source: SOURCE,
      run: async () => {
        const answered = await statusesOf(scene, rows, 'OPTIONS')
        assert.deepEqual(
          answered.filter(([, status]) => status !== 200),
          [],
        )
      },
    },
    {
      name: 'PATCH is refused for everybody',
      source: SOURCE,
      run: async () => {
        const answered = await statusesOf(scene, rows, 'PATCH')
        assert.deepEqual(
          answered.filter(([, status]) => status !== 405),
          [],
        )
      },
    },
  ]
}

function strangeCases(scene: Scene): readonly ConformanceCase[] {
  return [
    {
      name: 'a path that is none is not there for anybody',
      source: SOURCE,
      run: async () => {
        for (const caller of ['anonymous', 'untagged', 'administrator']) {
          const { status } = await scene.ask(caller, 'GET', '/nosuch')
          assert.equal(status, 404)
        }
      },
    },
    {
      name: 'a vhost that is closed and one that is missing are answered alike',
      source: 'captures/http/access/by-tag.json',
      run: async () => {
        for (const path of ['/queues/', '/exchanges/', '/bindings/', '/policies/']) {
          const closed = await scene.ask('management-elsewhere', 'GET', `${path}VHOST`)
          const missing = await scene.ask('management-elsewhere', 'GET', `${path}VHOST-nope`)
          assert.deepEqual(
            [missing.status, missing.body.toString()],
            [closed.status, closed.body.toString()],
          )
        }
      },
      onRabbitMq: { versions: '3.10', reason: '3.10 tells which vhosts there are' },
    },
    {
      name: 'a login without authority is refused: blank, half, of another scheme',
      source: 'captures/http/access/401.json',
      run: async () => {
        const expected = { 'Basic !!!': 400, 'Basic Z3Vlc3Q=': 400, 'Bearer abc': 401 }
        for (const [authorization, status] of Object.entries(expected)) {
          const answer = await scene.askWith({ authorization }, 'GET', '/overview')
          assert.equal(answer.status, status, authorization)
        }
      },
    },
  ]
}

async function statusesOf(
  scene: Scene,
  rows: readonly Row[],
  method: string,
): Promise<readonly (readonly [route: string, status: number])[]> {
  const answered: (readonly [string, number])[] = []
  for (const { path, route } of rows) {
    const { status, body } = await scene.ask('anonymous', method, path)
    assert.equal(body.toString(), '', route)
    answered.push([route, status])
  }
  return answered
}

/** On the port of the management, metrics are for who may see the node. */
function metricsCases(scene: Scene): readonly ConformanceCase[] {
  const paths = ['', '/default', '/per-object', '/detailed', '/memory-breakdown']
  return paths.map((path) => ({
    name: `GET /metrics${path} is refused without the tag monitoring`,
    source: 'http-api.md 2',
    run: async () => {
      const statuses: number[] = []
      for (const caller of [
        'anonymous',
        'wrong-password',
        'untagged',
        'management',
        'monitoring',
      ]) {
        statuses.push((await scene.askOutside(caller, `/metrics${path}`)).status)
      }
      assert.deepEqual(statuses, [401, 401, 401, 401, 200])
    },
  }))
}
