import assert from 'node:assert/strict'
import { METHODS } from '../../../src/wire/methods.ts'
import type { Area } from '../../support/case.ts'
import type { Api } from '../api.ts'
import { ALIKE, alikeCases } from './alike.ts'
import { BINDING } from './binding.ts'
import { DECLARING } from './declaring.ts'
import { identityCases } from './identity.ts'
import { loginCases } from './login.ts'
import { MESSAGES } from './messages.ts'
import { passiveCases } from './passive.ts'
import { casesOf } from './play.ts'
import type { Row } from './row.ts'
import { earlyCases } from './too-early.ts'
import { UNGUARDED } from './unguarded.ts'

const ROWS = [...DECLARING, ...BINDING, ...MESSAGES, ...UNGUARDED]

/** Every method that a client can send, by what it takes. */
export function amqpAreas(api: Api): readonly Area[] {
  return [
    { name: 'every method', cases: [completeness] },
    { name: 'login', cases: loginCases(api) },
    { name: 'too early', cases: earlyCases(sentByClients) },
    { name: 'declaring', cases: [...cases(DECLARING, api), ...passiveCases(api)] },
    { name: 'binding', cases: cases(BINDING, api) },
    { name: 'messages', cases: [...cases(MESSAGES, api), ...identityCases(api)] },
    { name: 'no right', cases: [...cases(UNGUARDED, api), ...alikeCases(api)] },
  ]
}

const sentByClients = [...METHODS.values()].filter(({ sentBy }) => sentBy !== 'server')

const completeness = {
  name: 'every method that a client can send has a row, and every row a method',
  source: 'amqp-0-9-1.md 4',
  run: async () => {
    const spec = sentByClients.map(({ name }) => name).sort()
    const classified = [
      ...ROWS.map(({ method }) => method),
      ...ALIKE,
      'connection.update-secret', // has cases of its own, with the login
    ]
    assert.deepEqual([...new Set<string>(classified)].sort(), spec)
  },
}

function cases(rows: readonly Row[], api: Api) {
  return rows.flatMap((row) => casesOf(row, api))
}
