import type { User } from '../auth/users.ts'
import type { Vhost } from '../core/vhost.ts'
import { CONNECTION_OPEN } from '../wire/methods.ts'
import type { Connection } from './connection.ts'
import { ConnectionError } from './errors.ts'
import type { Services } from './services.ts'

/** Throws RabbitMQ's refusal when one more connection is too many for the node, the vhost or the user. */
export function assertMayConnect(
  { connections, limits }: Services,
  user: User,
  vhost: Vhost,
): void {
  const open = [...connections].flatMap((connection) => connection.session ?? [])
  const nodeMax = limits.maxima.maxConnections
  if (nodeMax !== null && open.length >= nodeMax) {
    throw refused(`connection refused: node connection limit (${nodeMax}) is reached`)
  }
  const { maxConnections } = vhost
  if (maxConnections !== null && count(open, (s) => s.vhost === vhost) >= maxConnections) {
    throw refused(
      `access to vhost '${vhost.name}' refused for user '${user.name}': ` +
        `connection limit (${maxConnections}) is reached`,
    )
  }
  const limit = user.maxConnections
  if (limit !== null && count(open, (s) => s.user === user) >= limit) {
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

function count<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return items.filter(matches).length
}

function refused(text: string): ConnectionError {
  return new ConnectionError(530, text, CONNECTION_OPEN)
}
