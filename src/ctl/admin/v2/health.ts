import { isJsonList, type Json } from '../../../common/json.ts'
import { ADMIN_EXIT, AdminFailure } from './admin-failure.ts'
import type { AdminVerb, Verbs } from './admin-verb.ts'
import { type AdminCall, at, objectIn } from './call.ts'

/** Checks of the HTTP API: passed, or a table that says why not. */
export const HEALTH_VERBS: Verbs = {
  local_alarms: check([], () => 'local-alarms'),
  cluster_wide_alarms: check([], () => 'alarms'),
  node_is_quorum_critical: check([], () => 'node-is-quorum-critical'),
  deprecated_features_in_use: check([], () => 'deprecated-features-in-use'),
  port_listener: check(
    ['port'],
    (call) => `port-listener${at(call.value('port'))}`,
    (call) => [['inactive port', call.value('port')]],
  ),
  protocol_listener: check(
    ['protocol'],
    (call) => `protocol-listener${at(call.value('protocol'))}`,
    (call) => [['inactive protocols', call.value('protocol')]],
  ),
}

type Rows = readonly (readonly [key: string, value: string])[]

function check(
  required: readonly string[],
  path: (call: AdminCall) => string,
  details: (call: AdminCall) => Rows = () => [],
): AdminVerb {
  return {
    required,
    run: async (call) => {
      const where = `health/checks/${path(call)}`
      const { status, text } = await call.request('GET', `/${where}`)
      if (status < 400) return 'health check passed\n'
      if (status !== 503) return call.ask('GET', `/${where}`)
      const { reason = '' } = objectIn(text)
      const rows: Rows = [
        ['result', 'health check failed'],
        ['path', where],
        ['status_code', '503 Service Unavailable'],
        ['reason', textOf(reason)],
        ...details(call),
      ]
      const table = call.drawn({ columns: ['key', 'value'], rows })
      throw new AdminFailure(ADMIN_EXIT.unavailable, table, true)
    },
  }
}

function textOf(reason: Json): string {
  return isJsonList(reason) ? reason.map(String).join(', ') : String(reason)
}
