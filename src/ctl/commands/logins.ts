import { path } from '../broker-client.ts'
import type { Command } from '../command.ts'
import { NUMBER, TEXT } from '../kinds.ts'
import { plainColumns } from './columns.ts'

const COMMON = {
  group: 'Monitoring, observability and health checks',
  guides: ['access-control', 'monitoring'],
} as const

const COUNTS = plainColumns(
  NUMBER,
  'auth_attempts',
  'auth_attempts_failed',
  'auth_attempts_succeeded',
)

/** Logins that were tried. */
export const LOGIN_COMMANDS: readonly Command[] = [
  {
    ...COMMON,
    name: 'list_node_auth_attempt_stats',
    tools: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    about: 'Lists authentication attempts on the target node',
    usage: '[--by-source]',
    help: [['--by-source', 'list authentication attempts by remote address and username']],
    options: { 'by-source': 'flag' },
    banner: ({ nodeName }) => `Listing authentication\n attempts for node "${nodeName}" ...`,
    run: async ({ broker, nodeName, options }) => {
      const isBySource = options.has('by-source')
      const rows = await broker.list(
        `/auth/attempts${path(nodeName)}${isBySource ? '/source' : ''}`,
      )
      if (options.text('formatter') === 'json') {
        return { text: '', json: { result: 'ok', node: nodeName, attempts: [...rows] } }
      }
      if (rows.length === 0) {
        return { text: `Node ${nodeName} reported no authentication attempt stats` }
      }
      const source = isBySource ? plainColumns(TEXT, 'remote_address', 'username') : []
      return { columns: [...source, ...plainColumns(TEXT, 'protocol'), ...COUNTS], rows }
    },
  },
  tracking('enable', true),
  tracking('disable', false),
]

function tracking(verb: 'enable' | 'disable', isOn: boolean): Command {
  const [doing, does] = isOn ? ['Enabling', 'Enables'] : ['Disabling', 'Disables']
  return {
    ...COMMON,
    name: `${verb}_auth_attempt_source_tracking`,
    tools: ['rabbitmq-diagnostics'],
    about: `${does} the tracking of peer IP address and username of authentication attempts`,
    usage: '',
    banner: () => `${doing} authentication attempt source tracking ...`,
    run: async ({ broker }) => {
      await broker.put('/control/settings', { tracks_login_sources: isOn })
      return null
    },
  }
}
