/** The names in an `enabled_plugins` file, `[rabbitmq_management,rabbitmq_mqtt].`; null for text that is no such list. */
export function readPlugins(text: string): readonly string[] | null {
  const bare = text.replaceAll(/%.*/g, '').trim()
  const [, list] = /^\[([\s\w,']*)\]\s*\.$/.exec(bare) ?? []
  if (list === undefined) return null
  const names = list.split(',').map((name) => name.trim().replaceAll("'", ''))
  return names.filter((name) => name !== '')
}

/** Whether the broker does what a plug-in of RabbitMQ does. */
export function isPluginSupported(name: string): boolean {
  return SUPPORTED.has(name)
}

/** The names, and then what RabbitMQ starts because of them. */
export function startedPlugins(names: readonly string[]): readonly string[] {
  const needed = names.some((name) => NEEDS_AGENT.has(name)) ? AGENT : []
  return [...new Set([...names, ...needed])]
}

/** What the broker does unless a list of plug-ins says otherwise. */
export const DEFAULT_PLUGINS: readonly string[] = ['rabbitmq_management', 'rabbitmq_prometheus']

const NEEDS_AGENT = new Set(DEFAULT_PLUGINS)
const AGENT = ['rabbitmq_management_agent', 'rabbitmq_web_dispatch']

const SUPPORTED = new Set([
  'rabbitmq_management',
  'rabbitmq_management_agent',
  'rabbitmq_web_dispatch',
  'rabbitmq_prometheus',
  'rabbitmq_consistent_hash_exchange',
  'rabbitmq_random_exchange',
  'rabbitmq_recent_history_exchange',
  'rabbitmq_delayed_message_exchange',
  'rabbitmq_message_deduplication',
  'rabbitmq_sharding',
  'rabbitmq_auth_mechanism_ssl',
])
