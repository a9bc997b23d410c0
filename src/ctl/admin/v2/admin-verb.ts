import type { JsonObject } from '../../../common/json.ts'
import type { AdminCall } from './call.ts'
import type { AdminColumn } from './columns.ts'

/** What is done in a group of commands. */
export interface AdminVerb {
  /** Options that have to be given. */
  readonly required: readonly string[]
  /** Others that it takes. */
  readonly optional?: readonly string[]
  /** Gives what is to be printed. */
  readonly run: (call: AdminCall) => Promise<string>
}

export type Verbs = Readonly<Record<string, AdminVerb>>

export function listing(
  path: string | ((call: AdminCall) => string),
  columns: readonly AdminColumn[],
): AdminVerb {
  return {
    required: [],
    optional: ['columns'],
    run: async (call) =>
      call.shown(columns, await call.list(typeof path === 'string' ? path : path(call))),
  }
}

export function declaration(
  required: readonly string[],
  path: (call: AdminCall) => string,
  body: (call: AdminCall) => JsonObject,
  optional: readonly string[] = [],
): AdminVerb {
  return {
    required,
    optional,
    run: async (call) => {
      await call.ask('PUT', path(call), body(call))
      return ''
    },
  }
}

export function deletion(
  required: readonly string[],
  path: (call: AdminCall) => string,
): AdminVerb {
  return { required, optional: ['idempotently'], run: (call) => call.delete(path(call)) }
}

/** What queues and exchanges have in common. */
export function flags(call: AdminCall): JsonObject {
  return { durable: call.flag('durable', true), auto_delete: call.flag('auto-delete', false) }
}
