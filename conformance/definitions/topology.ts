import { type Api, named } from './api.ts'
import { hashOf, USERS } from './logins.ts'

/** Two vhosts of our own; one has a name that has to be encoded everywhere. */
export const VHOSTS = ['shop', 'a/b c%é'] as const

/** Declares something of everything, over the HTTP API. `isWithStreams` where the broker has them. */
export async function declareTopology(api: Api, isWithStreams: boolean): Promise<void> {
  await declareVhosts(api)
  await declareUsers(api)
  for (const vhost of VHOSTS) {
    await declareExchanges(api, vhost)
    await declareQueues(api, vhost)
    await bind(api, vhost)
    await setPolicies(api, vhost)
  }
  if (isWithStreams) await declareStream(api)
  await api.put('/api/global-parameters/of-ours', { value: { text: 'x', list: [1, 'two', null] } })
  await api.put('/api/global-parameters/number', { value: 7 })
  await api.put('/api/cluster-name', { name: 'definitions' })
}

async function declareVhosts(api: Api): Promise<void> {
  const [shop, strange] = VHOSTS
  await api.put(`/api/vhosts/${shop}`, { description: 'Orders and bills', tags: 'one,two' })
  await api.put(`/api/vhosts/${named(strange)}`, { tracing: true })
  await api.put(`/api/vhost-limits/${shop}/max-connections`, { value: 500 })
  await api.put(`/api/vhost-limits/${shop}/max-queues`, { value: 900 })
}

async function declareUsers(api: Api): Promise<void> {
  for (const user of USERS) {
    const { name, digest, tags } = user
    await api.put(`/api/users/${named(name)}`, {
      password_hash: hashOf(user),
      hashing_algorithm: `rabbit_password_hashing_${digest}`,
      tags: tags.join(','),
    })
    const permissions = { configure: '^(a|b)\\.', write: '.*', read: '' }
    for (const vhost of VHOSTS) {
      await api.put(`/api/permissions/${named(vhost)}/${named(name)}`, permissions)
    }
  }
  await api.put(`/api/users/${named('no password')}`, { password_hash: '', tags: '' })
  await api.put('/api/users/limited', { password_hash: '', tags: '' })
  await api.put('/api/user-limits/limited/max-connections', { value: 3 })
  await api.put('/api/user-limits/limited/max-channels', { value: 30 })
  for (const exchange of ['amq.topic', 'amq.fanout']) {
    const topics = { exchange, write: '^{username}\\..*', read: '^{vhost}' }
    await api.put('/api/topic-permissions/shop/sha256', topics)
  }
}

async function declareExchanges(api: Api, vhost: string): Promise<void> {
  const exchanges: Readonly<Record<string, object>> = {
    'x.direct': { type: 'direct', durable: true },
    'x.fanout': { type: 'fanout', durable: true, auto_delete: true },
    'x.topic': { type: 'topic', durable: true, arguments: { 'alternate-exchange': 'x.fanout' } },
    'x.headers': { type: 'headers', durable: true, arguments: { note: 'ours', level: 3 } },
    'x.hash': { type: 'x-consistent-hash', durable: true, arguments: { 'hash-header': 'h' } },
    'x.random': { type: 'x-random', durable: true },
    'x.modulus': { type: 'x-modulus-hash', durable: true },
    'x.history': {
      type: 'x-recent-history',
      durable: true,
      arguments: { 'x-recent-history-length': 30 },
    },
    'x strange/%é': { type: 'direct', durable: true },
    'x.transient': { type: 'direct', durable: false },
  }
  for (const [name, exchange] of Object.entries(exchanges)) {
    await api.put(`/api/exchanges/${named(vhost)}/${named(name)}`, exchange)
  }
}

const LIMITED = {
  'x-max-length': 100,
  'x-max-length-bytes': 5_000_000_000,
  'x-message-ttl': 60_000,
  'x-expires': 3_600_000,
  'x-dead-letter-exchange': 'x.direct',
  'x-dead-letter-routing-key': 'dead',
  'x-overflow': 'reject-publish',
}

async function declareQueues(api: Api, vhost: string): Promise<void> {
  const queues: Readonly<Record<string, object>> = {
    'q.plain': {},
    'q.classic': { 'x-queue-type': 'classic' },
    'q.quorum': { 'x-queue-type': 'quorum' },
    'q.quorum.limited': {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 5,
      'x-max-length': 10,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'q.plain',
      'x-dead-letter-strategy': 'at-most-once',
      'x-single-active-consumer': true,
    },
    'q.limited': LIMITED,
    'q.priorities': { 'x-max-priority': 10 },
    'q.lazy': { 'x-queue-mode': 'lazy' },
    'q.dead': { 'x-overflow': 'drop-head', 'x-max-length': 0 },
    'q strange/%é': {
      note: 'ours',
      number: 1,
      half: 0.5,
      yes: true,
      list: [1, 'two'],
      table: { a: 1 },
    },
  }
  for (const [name, args] of Object.entries(queues)) {
    const path = `/api/queues/${named(vhost)}/${named(name)}`
    await api.put(path, { durable: true, arguments: args })
  }
  await api.put(`/api/queues/${named(vhost)}/q.auto`, { durable: true, auto_delete: true })
}

async function declareStream(api: Api): Promise<void> {
  const args = { 'x-queue-type': 'stream', 'x-max-age': '7D', 'x-max-length-bytes': 20_000_000_000 }
  await api.put('/api/queues/shop/q.stream', { durable: true, arguments: args })
}

async function bind(api: Api, vhost: string): Promise<void> {
  const bindings: readonly (readonly [source: string, end: string, binding: object])[] = [
    ['x.direct', 'q/q.plain', { routing_key: 'key' }],
    ['x.direct', 'q/q.plain', { routing_key: '' }],
    ['x.direct', 'q/q.plain', { routing_key: 'k/e y%é' }],
    ['x.direct', `q/${named('q strange/%é')}`, { routing_key: 'key' }],
    ['x.fanout', 'q/q.quorum', {}],
    ['x.fanout', 'e/x.topic', { routing_key: 'onwards' }],
    ['x.topic', 'q/q.classic', { routing_key: 'a.*.#' }],
    ['x.topic', 'e/amq.direct', { routing_key: '#' }],
    ['amq.topic', 'q/q.limited', { routing_key: '*.b' }],
    ['x.headers', 'q/q.plain', { arguments: { 'x-match': 'all', a: 1, b: 'two', c: true } }],
    ['x.headers', 'q/q.plain', { arguments: { 'x-match': 'any', a: 2, d: 1.5 } }],
    ['x.hash', 'q/q.plain', { routing_key: '10' }],
    ['x.hash', 'q/q.classic', { routing_key: '20' }],
    ['x.random', 'q/q.plain', {}],
    ['x.history', 'q/q.dead', {}],
    ['x.modulus', 'q/q.dead', { routing_key: 'm' }],
  ]
  for (const [source, end, binding] of bindings) {
    await api.post(`/api/bindings/${named(vhost)}/e/${named(source)}/${end}`, binding)
  }
}

async function setPolicies(api: Api, vhost: string): Promise<void> {
  const policies: Readonly<Record<string, object>> = {
    'p.queues': {
      pattern: '^q\\.',
      'apply-to': 'queues',
      priority: 5,
      definition: { 'max-length': 1000, 'dead-letter-exchange': 'x.direct', overflow: 'drop-head' },
    },
    'p.exchanges': {
      pattern: '^x',
      'apply-to': 'exchanges',
      definition: { 'alternate-exchange': 'amq.fanout' },
    },
    'p.all': { pattern: '.*', priority: -1, definition: { 'message-ttl': 86_400_000 } },
    'p strange/%é': { pattern: '^ü', 'apply-to': 'all', definition: { expires: 1000 } },
  }
  for (const [name, policy] of Object.entries(policies)) {
    await api.put(`/api/policies/${named(vhost)}/${named(name)}`, policy)
  }
  const limit = { 'max-length': 5000, 'max-length-bytes': 1_000_000 }
  const policy = { pattern: '^q', 'apply-to': 'queues', priority: 2, definition: limit }
  await api.put(`/api/operator-policies/${named(vhost)}/o.queues`, policy)
  const value = { uri: 'amqp://elsewhere.example', expires: 3_600_000, 'ack-mode': 'on-confirm' }
  await api.put(`/api/parameters/federation-upstream/${named(vhost)}/upstream`, { value })
}
