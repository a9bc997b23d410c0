import assert from 'node:assert/strict'
import type { ConformanceCase } from '../../support/case.ts'
import { rows } from '../api.ts'
import type { Scene } from './scene.ts'

const SOURCE = 'http-api.md 2 and 5.5, seen on 3.10'
const POLICY = { pattern: '^nothing$', definition: { 'max-length': 1 } }

/** What the rights come to beyond yes and no. */
export function ruleCases(scene: Scene): readonly ConformanceCase[] {
  return [...refusalCases(scene), ...overviewCases(scene)]
}

function refusalCases(scene: Scene): readonly ConformanceCase[] {
  return [
    fact(
      'a stranger is refused before the body is looked at, however large or broken',
      async () => {
        for (const body of ['{"durable":', JSON.stringify({ padding: 'x'.repeat(25_000_000) })]) {
          const answer = await scene.askWith({}, 'PUT', '/queues/VHOST/made', body)
          assert.deepEqual([answer.status, answer.body.toString()], [401, ''])
        }
      },
    ),
    fact('nobody binds the default exchange, declares or deletes what is reserved', async () => {
      const tried = [
        ['POST', '/bindings/VHOST/e/seen/e/amq.default', { routing_key: 'k' }],
        ['POST', '/bindings/VHOST/e/amq.default/q/seen', { routing_key: 'k' }],
        ['PUT', '/exchanges/VHOST/amq.made', { type: 'direct' }],
        ['PUT', '/queues/VHOST/amq.made', {}],
        ['DELETE', '/exchanges/VHOST/amq.direct', undefined],
        ['DELETE', '/exchanges/VHOST/amq.default', undefined],
      ] as const
      for (const caller of ['management', 'administrator']) {
        for (const [method, path, body] of tried) {
          const answer = await scene.ask(caller, method, path, body)
          const expected = { error: 'not_authorised', reason: 'Access refused.' }
          assert.deepEqual([answer.status, JSON.parse(answer.body.toString())], [401, expected])
        }
      }
    }),
    fact('a message is published under the own name only', async () => {
      const message = { routing_key: 'seen', payload: 'm', payload_encoding: 'string' }
      for (const caller of ['management', 'administrator']) {
        const properties = { user_id: 'other' }
        const path = '/exchanges/VHOST/amq.default/publish'
        const answer = await scene.ask(caller, 'POST', path, { ...message, properties })
        const text = `user_id property set to 'other' but authenticated user was '${scene.vhost}-${caller}'`
        const expected = { error: 'bad_request', reason: `406 PRECONDITION_FAILED - ${text}` }
        assert.deepEqual([answer.status, JSON.parse(answer.body.toString())], [400, expected])
      }
    }),
    fact('policies are not set by way of parameters', async () => {
      for (const caller of ['policymaker', 'administrator']) {
        const path = '/parameters/policy/VHOST/made'
        const answer = await scene.ask(caller, 'PUT', path, { value: POLICY })
        const reason = 'policies may not be set using this method'
        const expected = { error: 'bad_request', reason }
        assert.deepEqual([answer.status, JSON.parse(answer.body.toString())], [400, expected])
      }
    }),
  ]
}

function overviewCases(scene: Scene): readonly ConformanceCase[] {
  return [
    fact('an overview sums up what may be known of', async () => {
      const open = { exchanges: 16, queues: 2 }
      const expected = {
        management: { ...open, connections: 1, channels: 1 },
        'management-elsewhere': { exchanges: 8, queues: 1, connections: 0, channels: 0 },
        policymaker: { ...open, connections: 1, channels: 1 },
      }
      for (const [caller, totals] of Object.entries(expected)) {
        assert.deepEqual(await totalsFor(scene, caller), totals, caller)
      }
      const everything = await totalsFor(scene, 'administrator')
      assert.deepEqual(await totalsFor(scene, 'monitoring'), everything)
      assert.deepEqual(await totalsFor(scene, 'monitoring-elsewhere'), everything)
      assert.ok('consumers' in everything)
    }),
    fact('an overview shows the node and its listeners to monitors only', async () => {
      for (const [caller, fields] of [
        ['management', 0],
        ['policymaker', 0],
        ['monitoring', 3],
        ['administrator', 3],
      ] as const) {
        const path = '/overview?columns=node,listeners.port,contexts.port'
        const answer = await scene.ask(caller, 'GET', path)
        const shown: unknown = JSON.parse(answer.body.toString())
        assert.equal(Object.keys(rows([shown])[0] ?? {}).length, fields, caller)
      }
    }),
  ]
}

function fact(name: string, run: () => Promise<void>): ConformanceCase {
  return { name, source: SOURCE, run }
}

async function totalsFor(scene: Scene, caller: string): Promise<object> {
  const answer = await scene.ask(caller, 'GET', '/overview?columns=object_totals')
  const { object_totals: totals = {} } = rows([JSON.parse(answer.body.toString())])[0] ?? {}
  return rows([totals])[0] ?? {}
}
