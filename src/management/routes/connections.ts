import { isAdministrator, isMonitor, notForUser, visibleVhost } from '../access.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { get, listOf, objectOf, pagesOf, type Route } from '../route.ts'
import { type ChannelOfConnection, channelListView, channelView } from '../views/channel.ts'
import {
  connectionDefinitionView,
  connectionOfUserView,
  connectionView,
  isOpen,
  type OpenConnection,
} from '../views/connection.ts'
import { channelName, consumersOn, consumerView } from '../views/consumer.ts'
import { shown } from '../views/view.ts'

export const CONNECTION_ROUTES: readonly Route[] = [
  get('/connections', 'management', 'Connections', pagesOf(connectionView), (call) =>
    listConnections(visible(call), call),
  ),
  get('/connections/:name', 'management', 'A connection', objectOf(connectionView), (call) => ({
    json: shown(connectionView, connectionOf(call), call, call.query.columns),
  })),
  {
    method: 'DELETE',
    path: '/connections/:name',
    access: 'management',
    summary: 'Closes a connection; X-Reason tells its client why',
    handle: (call) => close(call, [connectionOf(call)]),
  },
  get(
    '/connections/:name/channels',
    'management',
    'The channels of a connection',
    pagesOf(channelListView),
    (call) => listChannels([connectionOf(call)], call),
  ),
  get(
    '/connections/:name/sessions',
    'management',
    'Sessions of AMQP 1.0',
    { type: 'array' },
    (call) => {
      connectionOf(call)
      throw badRequest('connection does not use AMQP 1.0')
    },
  ),
  get(
    '/connections/username/:user',
    'management',
    'The connections of a user',
    listOf(connectionOfUserView),
    (call) => {
      if (!isMonitor(call.user) && !isSelf(call)) throw notForUser()
      const listing = { view: connectionOfUserView, order: ['name'], hasPages: false }
      return list(listing, ofUser(call), call)
    },
  ),
  {
    method: 'DELETE',
    path: '/connections/username/:user',
    access: 'management',
    summary: 'Closes the connections of a user; X-Reason tells the clients why',
    handle: (call) => {
      if (!isAdministrator(call.user) && !isSelf(call)) throw notForUser()
      return close(call, ofUser(call))
    },
  },
  get(
    '/vhosts/:vhost/connections',
    'management',
    'The connections to a vhost',
    pagesOf(connectionView),
    (call) => listConnections(inVhost(call), call),
  ),
  get('/channels', 'management', 'Channels', pagesOf(channelListView), (call) =>
    listChannels(visible(call), call),
  ),
  get('/channels/:name', 'management', 'A channel', objectOf(channelView), (call) => ({
    json: shown(channelView, channelOf(call), call, call.query.columns),
  })),
  get(
    '/vhosts/:vhost/channels',
    'management',
    'The channels in a vhost',
    pagesOf(channelListView),
    (call) => listChannels(inVhost(call), call),
  ),
  get('/consumers', 'management', 'Consumers', listOf(consumerView), (call) =>
    listConsumers(visible(call), call),
  ),
  get(
    '/consumers/:vhost',
    'management',
    'The consumers in a vhost',
    listOf(consumerView),
    (call) => {
      const vhost = call.broker.vhosts.get(call.params.vhost ?? '')
      if (vhost === undefined) throw objectNotFound()
      return listConsumers(
        visible(call).filter(({ session }) => session.vhost === vhost),
        call,
      )
    },
  ),
]

function openConnections({ broker }: Call): OpenConnection[] {
  return [...broker.connections].filter(isOpen)
}

/** Monitors see everybody's connections, others their own. */
function visible(call: Call): OpenConnection[] {
  return openConnections(call).filter((connection) => mayTouch(call, connection))
}

function mayTouch({ user }: Call, { session }: OpenConnection): boolean {
  return isMonitor(user) || session.user === user
}

function inVhost(call: Call): OpenConnection[] {
  const vhost = visibleVhost(call)
  return visible(call).filter(({ session }) => session.vhost === vhost)
}

/** The user of the path is who asks. */
function isSelf({ user, params }: Call): boolean {
  return user.name === params.user
}

function ofUser(call: Call): OpenConnection[] {
  return visible(call).filter(({ session }) => session.user.name === call.params.user)
}

function connectionOf(call: Call): OpenConnection {
  const connection = openConnections(call).find(({ name }) => name === call.params.name)
  if (connection === undefined) throw objectNotFound()
  if (!mayTouch(call, connection)) throw notForUser()
  return connection
}

function channelOf(call: Call): ChannelOfConnection {
  const { name = '' } = call.params
  for (const connection of openConnections(call)) {
    if (!name.startsWith(connection.name)) continue
    for (const channel of connection.channels ?? []) {
      if (channelName(connection, channel) !== name) continue
      if (!mayTouch(call, connection)) throw notForUser()
      return { connection, channel }
    }
  }
  throw objectNotFound()
}

/** Others than administrators may close their own connections only. */
function close(call: Call, connections: readonly OpenConnection[]): Reply {
  const { broker, user, headers } = call
  const isOwn = connections.every(({ session }) => session.user === user)
  if (!isOwn && !isAdministrator(user)) throw notForUser()
  const reason = headers['x-reason']
  broker.close(connections, typeof reason === 'string' ? reason : 'Closed via management plugin')
  return NO_CONTENT
}

function listConnections(connections: Iterable<OpenConnection>, call: Call): Promise<Reply> {
  const view = call.query.is('disable_stats') ? connectionDefinitionView : connectionView
  return list({ view, order: ['vhost', 'name'], hasPages: true }, connections, call)
}

function listChannels(connections: readonly OpenConnection[], call: Call): Promise<Reply> {
  const channels = connections.flatMap((connection) =>
    [...(connection.channels ?? [])].map((channel) => ({ connection, channel })),
  )
  const listing = { view: channelListView, order: ['vhost', 'name', 'number'], hasPages: true }
  return list(listing, channels, call)
}

function listConsumers(connections: readonly OpenConnection[], call: Call): Promise<Reply> {
  const listing = { view: consumerView, order: ['queue.vhost', 'consumer_tag'], hasPages: false }
  return list(listing, consumersOn(connections), call)
}
