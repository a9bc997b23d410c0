import type { User } from '../auth/users.ts'
import type { Vhost } from '../core/vhost.ts'
import { CONNECTION_OPEN } from '../wire/methods.ts'
import type { Connection } from './connection.ts'
import { ConnectionError } from './errors.ts'
import type { Session } from './handshake.ts'
import type { Services } from './services.ts'

/** Throws RabbitMQ's refusal when one more connection is too many for the node, the vhost or the user. */
export function assertMayConnect(
  { connections, limits }: Services,
  user: User,
  vhost: Vhost,
): void {
  const nodeMax = limits.maxima.maxConnections
  if (nodeMax !== null && countOpen(connections, () => true) >= nodeMax) {
    throw refused(`connection refused: node connection limit (${nodeMax}) is reached`)
  }
  const { maxConnections } = vhost
  const isThere = (session: Session) => session.vhost === vhost
  if (maxConnections !== null && countOpen(connections, isThere) >= maxConnections) {
    throw refused(
      `access to vhost '${vhost.name}' refused for user '${user.name}': ` +
        `connection limit (${maxConnections}) is reached`,
    )
  }
  const limit = user.maxConnections
  if (limit !== null && countOpen(connections, (session) => session.user === user) >= limit) {
    throw refused(
      `connection refused for user '${user.name}': user connection limit (${limit}) is reached`,
    )
  }
}

/** Throws RabbitMQ's refusal when one more channel is too many for the connection, the user or the node. */
export function assertMayOpenChannel(
  { connections, limits, settings }: Services,
  user: User,
  openHere: number,
  channelMax: number,
): void {
  if (channelMax > 0 && openHere >= channelMax) {
    throw new ConnectionError(
      530,
      `number of channels opened (${openHere}) has reached the negotiated channel_max (${channelMax})`,
      0,
    )
  }
  const limit = user.maxChannels
  if (limit !== null && channelsOf(connections, user) >= limit) {
    throw new ConnectionError(
      530,
      `number of channels opened for user '${user.name}' has reached the maximum allowed user limit of ${limit}`,
      0,
    )
  }
  const { maxChannels } = limits.maxima
  if (maxChannels !== null && channelsOf(connections, null) >= maxChannels) {
    throw new ConnectionError(
      530,
      `number of channels opened on node '${settings.nodeName}' has reached the maximum allowed limit of ${maxChannels}`,
      0,
    )
  }
}

function channelsOf(connections: ReadonlySet<Connection>, user: User | null): number {
  let total = 0
  for (const connection of connections) {
    if (user === null || connection.session?.user === user) total += connection.channelCount
  }
  return total
}

/** Costs all connections: only where there is a limit. */
function countOpen(
  connections: ReadonlySet<Connection>,
  matches: (session: Session) => boolean,
): number {
  let total = 0
  for (const { session } of connections) if (session !== null && matches(session)) total++
  return total
}

function refused(text: string): ConnectionError {
  return new ConnectionError(530, text, CONNECTION_OPEN)
}
