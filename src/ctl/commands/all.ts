import type { Command } from '../command.ts'

/**
 * Every command of every tool but rabbitmqadmin. To load all of them takes a fifth of the time that a command may take:
 * ask for `commandsFor` where one is meant.
 */
export async function allCommands(): Promise<readonly Command[]> {
  const loaded = await Promise.all(FILES.map(({ load }) => load()))
  return loaded.flat()
}

/** The commands that a command line may be about: those beside the one that it begins with, or all of them. */
export async function commandsFor(words: readonly string[]): Promise<readonly Command[]> {
  const first = words.find((word) => !PLAIN_SWITCHES.has(word)) ?? ''
  const file = FILES.find(({ names }) => names.includes(first))
  return file === undefined ? allCommands() : file.load()
}

/** Options without a value that every command has. */
const PLAIN_SWITCHES = new Set(['-q', '--quiet', '-s', '--silent'])

interface CommandFile {
  /** Of its commands, without those that look at all others. */
  readonly names: readonly string[]
  readonly load: () => Promise<readonly Command[]>
}

const FILES: readonly CommandFile[] = [
  {
    names: [
      'rename_cluster_node',
      'forget_cluster_node',
      'join_cluster',
      'force_boot',
      'force_standalone_khepri_boot',
      'suspend_listeners',
      'resume_listeners',
      'list_hashes',
      'list_ciphers',
      'rebalance',
      'await_online_quorum_plus_one',
      'drain',
      'revive',
      'list_stream_consumers',
    ],
    load: async () => (await import('./inert.ts')).INERT_COMMANDS,
  },
  {
    names: [
      'stop_app',
      'start_app',
      'reset',
      'force_reset',
      'stop',
      'shutdown',
      'rotate_logs',
      'await_startup',
      'wait',
      'await_online_nodes',
    ],
    load: async () => (await import('./nodes.ts')).NODE_COMMANDS,
  },
  {
    names: [
      'status',
      'cluster_status',
      'environment',
      'report',
      'version',
      'server_version',
      'erlang_version',
      'listeners',
      'memory_breakdown',
      'os_env',
      'log_location',
      'command_line_arguments',
    ],
    load: async () => (await import('./status.ts')).STATUS_COMMANDS,
  },
  {
    names: [
      'ping',
      'check_running',
      'is_running',
      'is_booting',
      'check_alarms',
      'check_local_alarms',
      'alarms',
      'check_port_connectivity',
      'check_port_listener',
      'check_protocol_listener',
      'check_virtual_hosts',
      'check_if_node_is_quorum_critical',
      'check_if_any_deprecated_features_are_used',
      'check_if_metadata_store_is_initialized',
      'check_for_quorum_queues_without_an_elected_leader',
      'check_if_cluster_has_classic_queue_mirroring_policy',
      'node_health_check',
      'resolve_hostname',
    ],
    load: async () => (await import('./health.ts')).HEALTH_COMMANDS,
  },
  {
    names: ['check_certificate_expiration'],
    load: async () => (await import('./certificates.ts')).CERTIFICATE_COMMANDS,
  },
  {
    names: [
      'add_user',
      'delete_user',
      'change_password',
      'clear_password',
      'set_user_tags',
      'authenticate_user',
      'list_users',
      'set_user_limits',
      'clear_user_limits',
      'list_user_limits',
      'hash_password',
    ],
    load: async () => (await import('./users.ts')).USER_COMMANDS,
  },
  {
    names: [
      'set_permissions',
      'set_permissions_globally',
      'clear_permissions',
      'set_topic_permissions',
      'clear_topic_permissions',
      'list_permissions',
      'list_user_permissions',
      'list_topic_permissions',
      'list_user_topic_permissions',
    ],
    load: async () => (await import('./permissions.ts')).PERMISSION_COMMANDS,
  },
  {
    names: [
      'list_vhosts',
      'add_vhost',
      'update_vhost_metadata',
      'set_vhost_tags',
      'delete_vhost',
      'enable_vhost_deletion_protection',
      'disable_vhost_deletion_protection',
      'restart_vhost',
      'trace_on',
      'trace_off',
      'set_vhost_limits',
      'clear_vhost_limits',
      'list_vhost_limits',
    ],
    load: async () => (await import('./vhosts.ts')).VHOST_COMMANDS,
  },
  {
    names: [
      'list_queues',
      'list_exchanges',
      'list_bindings',
      'list_connections',
      'list_channels',
      'list_consumers',
      'list_unresponsive_queues',
    ],
    load: async () => (await import('./lists.ts')).LIST_COMMANDS,
  },
  {
    names: [
      'list_node_auth_attempt_stats',
      'enable_auth_attempt_source_tracking',
      'disable_auth_attempt_source_tracking',
    ],
    load: async () => (await import('./logins.ts')).LOGIN_COMMANDS,
  },
  {
    names: [
      'set_policy',
      'clear_policy',
      'list_policies',
      'set_operator_policy',
      'clear_operator_policy',
      'list_operator_policies',
      'list_policies_that_match',
    ],
    load: async () => (await import('./policies.ts')).POLICY_COMMANDS,
  },
  {
    names: [
      'set_parameter',
      'clear_parameter',
      'list_parameters',
      'set_global_parameter',
      'clear_global_parameter',
      'list_global_parameters',
      'set_cluster_name',
    ],
    load: async () => (await import('./parameters.ts')).PARAMETER_COMMANDS,
  },
  {
    names: [
      'purge_queue',
      'delete_queue',
      'close_connection',
      'close_all_connections',
      'close_all_user_connections',
      'set_vm_memory_high_watermark',
      'set_disk_free_limit',
      'set_log_level',
      'force_gc',
    ],
    load: async () => (await import('./operations.ts')).OPERATION_COMMANDS,
  },
  {
    names: ['eval'],
    load: async () => (await import('./eval.ts')).EVAL_COMMANDS,
  },
  {
    names: ['export_definitions', 'import_definitions'],
    load: async () => (await import('./definitions.ts')).DEFINITION_COMMANDS,
  },
  {
    names: ['list_feature_flags', 'enable_feature_flag', 'list_deprecated_features'],
    load: async () => (await import('./features.ts')).FEATURE_COMMANDS,
  },
  {
    names: ['list', 'enable', 'disable', 'set', 'directories', 'is_enabled'],
    load: async () => (await import('./plugins.ts')).PLUGIN_COMMANDS,
  },
]
