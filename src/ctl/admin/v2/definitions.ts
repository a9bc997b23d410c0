import { readFileSync, writeFileSync } from 'node:fs'
import { ADMIN_EXIT, AdminFailure, wrongUsage } from './admin-failure.ts'
import type { Verbs } from './admin-verb.ts'
import { type AdminCall, at } from './call.ts'

const OUT = { required: [], optional: ['file', 'stdout', 'transformations'] }
const IN = { required: [], optional: ['file', 'stdin'] }

/** Definitions out to a file, and in from one. */
export const DEFINITION_VERBS: Verbs = {
  export: { ...OUT, run: (call) => exported(call, '/definitions') },
  export_from_vhost: {
    ...OUT,
    run: (call) => exported(call, `/definitions${at(call.vhost)}`),
  },
  import: { ...IN, run: (call) => imported(call, '/definitions') },
  import_into_vhost: {
    ...IN,
    run: (call) => imported(call, `/definitions${at(call.vhost)}`),
  },
}

async function exported(call: AdminCall, path: string): Promise<string> {
  const file = call.value('file')
  const goesOut = call.has('stdout') || file === '-'
  if (!goesOut && file === '') throw missing('--file <file>')
  const text = await call.ask('GET', path)
  if (goesOut) return `${text}\n`
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw notDone(error)
  }
  return ''
}

async function imported(call: AdminCall, path: string): Promise<string> {
  const file = call.value('file')
  const comesIn = call.has('stdin') || file === '-'
  if (!comesIn && file === '') throw missing('--file <file>')
  const text = comesIn ? await call.input('all') : textIn(file)
  await call.ask('POST', path, text)
  return ''
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw notDone(error)
  }
}

function notDone(error: unknown): AdminFailure {
  const reason = error instanceof Error ? error.message : String(error)
  return new AdminFailure(ADMIN_EXIT.data, reason, false, error)
}

function missing(what: string): AdminFailure {
  return wrongUsage(
    `the following required arguments were not provided:\n  ${what}`,
    `definitions export ${what}`,
  )
}
