/** Plug-ins that RabbitMQ comes with, each with those that it needs. */
const PLUGINS: ReadonlyMap<string, readonly string[]> = new Map([
  ...[
    'rabbitmq_amqp1_0',
    'rabbitmq_auth_backend_cache',
    'rabbitmq_auth_backend_http',
    'rabbitmq_auth_backend_internal_loopback',
    'rabbitmq_auth_backend_ldap',
    'rabbitmq_auth_backend_oauth2',
    'rabbitmq_auth_mechanism_ssl',
    'rabbitmq_consistent_hash_exchange',
    'rabbitmq_event_exchange',
    'rabbitmq_federation_common',
    'rabbitmq_jms_topic_exchange',
    'rabbitmq_mqtt',
    'rabbitmq_peer_discovery_common',
    'rabbitmq_random_exchange',
    'rabbitmq_recent_history_exchange',
    'rabbitmq_sharding',
    'rabbitmq_shovel',
    'rabbitmq_stomp',
    'rabbitmq_stream',
    'rabbitmq_trust_store',
    'rabbitmq_web_dispatch',
    'rabbitmq_delayed_message_exchange',
    'rabbitmq_message_deduplication',
  ].map((name): [string, readonly string[]] => [name, []]),
  ['rabbitmq_management_agent', ['rabbitmq_web_dispatch']],
  ['rabbitmq_management', ['rabbitmq_management_agent', 'rabbitmq_web_dispatch']],
  ['rabbitmq_prometheus', ['rabbitmq_management_agent', 'rabbitmq_web_dispatch']],
  ['rabbitmq_exchange_federation', ['rabbitmq_federation_common']],
  ['rabbitmq_queue_federation', ['rabbitmq_federation_common']],
  ['rabbitmq_federation', ['rabbitmq_exchange_federation', 'rabbitmq_queue_federation']],
  ['rabbitmq_federation_management', ['rabbitmq_federation', 'rabbitmq_management']],
  ['rabbitmq_federation_prometheus', ['rabbitmq_federation', 'rabbitmq_prometheus']],
  ...['aws', 'consul', 'etcd', 'k8s'].map((name): [string, readonly string[]] => [
    `rabbitmq_peer_discovery_${name}`,
    ['rabbitmq_peer_discovery_common'],
  ]),
  ['rabbitmq_shovel_management', ['rabbitmq_shovel', 'rabbitmq_management']],
  ['rabbitmq_shovel_prometheus', ['rabbitmq_shovel', 'rabbitmq_prometheus']],
  ['rabbitmq_stream_management', ['rabbitmq_stream', 'rabbitmq_management']],
  ['rabbitmq_top', ['rabbitmq_management']],
  ['rabbitmq_tracing', ['rabbitmq_management']],
  ['rabbitmq_web_mqtt', ['rabbitmq_mqtt', 'rabbitmq_web_dispatch']],
  ['rabbitmq_web_mqtt_examples', ['rabbitmq_web_mqtt']],
  ['rabbitmq_web_stomp', ['rabbitmq_stomp', 'rabbitmq_web_dispatch']],
  ['rabbitmq_web_stomp_examples', ['rabbitmq_web_stomp']],
])

/** What is switched on where nobody has said: what the image of RabbitMQ with management has. */
export const DEFAULT_PLUGINS: readonly string[] = ['rabbitmq_management', 'rabbitmq_prometheus']

export function isKnownPlugin(name: string): boolean {
  return PLUGINS.has(name)
}

export function pluginNames(): readonly string[] {
  return [...PLUGINS.keys()].sort()
}

/** These plug-ins and all that they need, in order; those that nobody knows are left out. */
export function withDependencies(names: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    if (found.has(name) || !PLUGINS.has(name)) return
    found.add(name)
    for (const needed of PLUGINS.get(name) ?? []) add(needed)
  }
  for (const name of names) add(name)
  return [...found].sort()
}
