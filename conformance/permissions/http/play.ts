import assert from 'node:assert/strict'
import type { Answer } from '../../http/exchange.ts'
import type { ConformanceCase } from '../../support/case.ts'
import { CALLERS, STRANGERS } from './callers.ts'
import { DIFFERENCES } from './differences.ts'
import { type Expected, expectedOfStranger, refusalFor, type Wording } from './expected.ts'
import type { Row } from './row.ts'
import type { Scene } from './scene.ts'

const SOURCE = 'http-api.md 2, captures/http/access'

/** One route tried by everybody. */
export function casesOf(row: Row, scene: Scene, wording: Wording): readonly ConformanceCase[] {
  const strangers = STRANGERS.map((name) => ({
    name,
    refusal: expectedOfStranger(name, row.guard, wording),
  }))
  const users = CALLERS.map((caller) => {
    const names = { user: `${scene.vhost}-${caller.name}`, vhost: scene.vhost }
    return { name: caller.name, refusal: refusalFor(caller, row.guard, wording, names) }
  })
  return [...strangers, ...users].map(({ name, refusal }) => {
    const known = DIFFERENCES.find(
      ({ routes, callers }) => routes.test(row.route) && callers.test(name),
    )
    return {
      name: `${row.route} by ${name}: ${refusal === null ? row.status : `refused with ${refusal.status}`}`,
      source: SOURCE,
      run: () => tryRoute(row, scene, name, refusal),
      ...(known === undefined ? {} : { onRabbitMq: { versions: '3.10', reason: known.reason } }),
    }
  })
}

async function tryRoute(
  row: Row,
  scene: Scene,
  caller: string,
  refusal: Expected | null,
): Promise<void> {
  await scene.prepare(row)
  const isWatched = refusal !== null && !row.route.startsWith('GET ')
  const before = isWatched ? await scene.definitions() : null
  const answer = await scene.try(row, caller)
  if (refusal === null) {
    assert.equal(answer.status, row.status, answer.body.toString().slice(0, 200))
    return
  }
  assert.deepEqual(shown(answer), refusal)
  if (isWatched) assert.equal(await scene.definitions(), before, 'something has changed')
}

function shown({ status, headers, body }: Answer): Expected {
  const text = body.toString()
  const realm = headers['www-authenticate']
  if (realm !== undefined) assert.equal(realm, 'Basic realm="RabbitMQ Management"')
  if (text !== '') assert.equal(headers['content-type'], 'application/json')
  return {
    status,
    body: text === '' ? null : JSON.parse(text),
    asksForLogin: realm !== undefined,
  }
}
