import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import { isSingleActive } from '../../core/queue/order.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { badRequest, notAuthorised, objectNotFound } from '../http-error.ts'
import { bodyWith, get, type Route } from '../route.ts'
import { object, text, wholeNumber } from '../schema.ts'
import { channelListView } from '../views/channel.ts'
import { connectionView, isOpen, type OpenConnection } from '../views/connection.ts'
import { consumersOn, consumerView } from '../views/consumer.ts'
import { queueDetailedView } from '../views/queue.ts'
import { shown } from '../views/view.ts'

const ROWS = { type: 'array', items: { type: 'object' } }

/**
 * What the commands ask of a broker beyond RabbitMQ's HTTP API. Connections, channels and queues have names here in the
 * form of process identifiers, as `rabbitmqctl` prints and takes them.
 */
export const CONTROL_ROUTES: readonly Route[] = [
  get('/control/node', 'administrator', 'Who runs here', { type: 'object' }, ({ broker }) => ({
    json: {
      name: broker.nodeName,
      state: 'running',
      pid: process.pid,
      version: broker.version,
      memory_limit: broker.watch.shownMemory.bytes,
      memory_limit_setting: settingJson(broker.watch.shownMemory.setting),
      alarms: [...broker.alarms.raised],
      command_line: process.argv,
      listeners: broker.listeners().map(({ protocol, host, port }) => ({ protocol, host, port })),
    },
  })),
  get('/control/connections', 'administrator', 'Connections', ROWS, (call) => ({
    json: connections(call).map((connection) => connectionRow(call, connection)),
  })),
  get('/control/channels', 'administrator', 'Channels', ROWS, (call) => ({
    json: connections(call).flatMap((connection) => channelRows(call, connection)),
  })),
  get('/control/consumers/:vhost', 'administrator', 'Consumers', ROWS, (call) => ({
    json: consumerRows(call),
  })),
  get('/control/queues/:vhost', 'administrator', 'Queues', ROWS, (call) => ({
    json: queueRows(call),
  })),
  {
    method: 'DELETE',
    path: '/control/connections',
    access: 'administrator',
    summary: 'Closes connections, all or those that `vhost`, `user` or `pid` in the query names',
    handle: closeConnections,
  },
  {
    method: 'PUT',
    path: '/control/limits',
    access: 'administrator',
    summary:
      'Sets from where on publishers are blocked: `absolute` in bytes, or `relative` to the memory',
    body: bodyWith({ memory: 'object', disk_free: 'object' }),
    handle: ({ broker, body }) => {
      const { memory, disk_free: diskFree } = body
      broker.administration.setResourceLimits({
        ...(memory === undefined ? {} : { memory: limitIn(body, 'memory') }),
        ...(diskFree === undefined ? {} : { diskFree: limitIn(body, 'disk_free') }),
      })
      return NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/control/authenticate',
    access: 'administrator',
    summary: 'Whether a password is that of a user',
    body: bodyWith({ name: 'string', password: 'string' }, 'name', 'password'),
    handle: ({ broker, body }) => {
      const user = broker.users.authenticate(text(body, 'name'), text(body, 'password'))
      if (user === null) throw notAuthorised('invalid credentials')
      return NO_CONTENT
    },
  },
  alarmRoute('PUT', true),
  alarmRoute('DELETE', false),
  get(
    '/control/settings',
    'administrator',
    'Settings that may change while the broker runs',
    { type: 'object' },
    ({ broker }) => ({
      json: {
        channel_max: broker.channelMax,
        loopback_users: [...broker.loopbackUsers],
        tracks_login_sources: broker.attempts.tracksSources,
      },
    }),
  ),
  {
    method: 'PUT',
    path: '/control/settings',
    access: 'administrator',
    summary: 'Changes them',
    body: bodyWith({
      channel_max: 'integer',
      loopback_users: 'array',
      tracks_login_sources: 'boolean',
    }),
    handle: ({ broker, body }) => {
      const { channel_max: channelMax, loopback_users: users } = body
      const { tracks_login_sources: tracksSources } = body
      if (channelMax !== undefined) broker.administration.setChannelMax(wholeNumber(channelMax))
      if (typeof tracksSources === 'boolean') broker.attempts.tracksSources = tracksSources
      if (isJsonList(users)) broker.administration.setLoopbackUsers(users.map(String))
      return NO_CONTENT
    },
  },
]

function alarmRoute(method: 'PUT' | 'DELETE', isOn: boolean): Route {
  return {
    method,
    path: '/control/alarms/:alarm',
    access: 'administrator',
    summary: isOn ? 'Raises an alarm' : 'Clears an alarm',
    handle: ({ broker, params }) => {
      const { alarm = '' } = params
      if (alarm !== 'memory' && alarm !== 'disk') throw objectNotFound()
      broker.administration.setAlarm(alarm, isOn)
      return NO_CONTENT
    },
  }
}

function limitIn(body: JsonObject, name: string): number | { readonly ofMemory: number } {
  const { absolute, relative } = object(body, name)
  return typeof relative === 'number' ? { ofMemory: relative } : wholeNumber(absolute)
}

/** As RabbitMQ tells it of the memory. */
function settingJson(setting: number | { readonly ofMemory: number }): JsonObject {
  return typeof setting === 'number' ? { absolute: setting } : { relative: setting.ofMemory }
}

function connections({ broker }: Call): OpenConnection[] {
  return [...broker.connections].filter(isOpen)
}

function connectionRow(call: Call, connection: OpenConnection): JsonObject {
  const { alarms, ids } = call.broker
  const isBlocking = alarms.raised.size > 0 && !connection.reading.isBlocked
  return {
    ...row(shown(connectionView, connection, call)),
    ...(isBlocking ? { state: 'blocking' } : {}),
    pid: ids.of(connection),
  }
}

function channelRows(call: Call, connection: OpenConnection): readonly JsonObject[] {
  const { ids } = call.broker
  return [...(connection.channels ?? [])].map((channel) => ({
    ...row(shown(channelListView, { connection, channel }, call)),
    pid: ids.of(channel),
    connection: ids.of(connection),
  }))
}

function consumerRows(call: Call): readonly JsonObject[] {
  const { vhost: name = '' } = call.params
  const found = [...consumersOn(connections(call))].filter(
    ({ consumer }) => consumer.queue.vhost === name,
  )
  return found.map((place) => ({
    ...row(shown(consumerView, place, call)),
    queue_name: place.consumer.queue.name,
    channel_pid: call.broker.ids.of(place.channel),
    exclusive: place.consumer.exclusive,
    is_single_active: isSingleActive(place.consumer.queue),
  }))
}

function queueRows(call: Call): readonly JsonObject[] {
  const { ids, vhosts } = call.broker
  const queues = vhosts.get(call.params.vhost ?? '')?.queues ?? []
  const byOwner = new Map<object, OpenConnection>(connections(call).map((one) => [one, one]))
  return [...queues].map((queue) => {
    const owner = queue.exclusiveOwner === null ? undefined : byOwner.get(queue.exclusiveOwner)
    return {
      ...row(shown(queueDetailedView, queue, call)),
      pid: ids.of(queue),
      owner_pid: owner === undefined ? '' : ids.of(owner),
    }
  })
}

/** All fields of a view are an object always. */
function row(json: Json): JsonObject {
  return isJsonObject(json) ? json : {}
}

function closeConnections(call: Call): Reply {
  const { broker, query, headers } = call
  const [vhost, user, pid] = [query.get('vhost'), query.get('user'), query.get('pid')]
  const closing = connections(call).filter(
    (connection) =>
      (vhost === null || connection.session.vhost.name === vhost) &&
      (user === null || connection.session.user.name === user) &&
      (pid === null || broker.ids.of(connection) === pid),
  )
  if (pid !== null && closing.length === 0) throw objectNotFound()
  const limit = query.get('limit')
  if (limit !== null && !/^\d+$/.test(limit)) throw badRequest(['not_integer', limit])
  const some = limit === null || limit === '0' ? closing : closing.slice(0, Number(limit))
  const reason = headers['x-reason']
  broker.close(some, typeof reason === 'string' ? decodeURIComponent(reason) : '')
  return { json: { closed: some.length } }
}
