import assert from 'node:assert/strict'
import { API_ROUTES } from '../../../src/management/routes/all.ts'
import type { Area } from '../../support/case.ts'
import { besideCases } from './beside.ts'
import { OWN, SINCE_4 } from './differences.ts'
import { NEW_WORDING, OLD_WORDING } from './expected.ts'
import { listCases } from './lists.ts'
import { casesOf } from './play.ts'
import { ADMINISTRATION } from './routes-administration.ts'
import { DECLARED } from './routes-declared.ts'
import { NODE, POLICIES } from './routes-node.ts'
import type { Row } from './row.ts'
import { ruleCases } from './rules.ts'
import type { Scene } from './scene.ts'

/** Which routes a broker has. */
export type Kind = 'leveret' | 'rabbitmq' | 'rabbitmq 3.10'

/** Every route of the management, tried by everybody. */
export function httpAreas(scene: Scene, kind: Kind): readonly Area[] {
  const wording = kind === 'rabbitmq 3.10' ? OLD_WORDING : NEW_WORDING
  const area = (name: string, rows: readonly Row[]) => ({
    name: `HTTP: ${name}`,
    cases: rows.filter(isIn(kind)).flatMap((row) => casesOf(row, scene, wording)),
  })
  return [
    { name: 'HTTP: every route', cases: [completeness] },
    { name: 'HTTP: lists', cases: listCases(scene, kind === 'rabbitmq 3.10') },
    { name: 'HTTP: rules', cases: ruleCases(scene) },
    { name: 'HTTP: beside the routes', cases: besideCases(ROWS.filter(isIn(kind)), scene, kind) },
    area('declared', DECLARED),
    area('administration', ADMINISTRATION),
    area('policies', POLICIES),
    area('node', NODE),
  ]
}

/** Routes that the broker lacks, and which are not tried. */
export function missingRoutes(kind: Kind): readonly string[] {
  const isThere = isIn(kind)
  return ROWS.filter((row) => !isThere(row)).map(({ route }) => route)
}

const ROWS = [...DECLARED, ...ADMINISTRATION, ...POLICIES, ...NODE]

const completeness = {
  name: 'every route has a row, and every row a route',
  source: 'http-api.md 5',
  run: async () => {
    const routes = API_ROUTES.map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(ROWS.map(({ route }) => route).sort(), routes.sort())
  },
}

function isIn(kind: Kind): (row: Row) => boolean {
  return ({ route }) => {
    if (kind === 'leveret') return true
    return !OWN.test(route) && !(kind === 'rabbitmq 3.10' && SINCE_4.test(route))
  }
}
