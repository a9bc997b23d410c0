/** Settings of RabbitMQ that are accepted and have no effect here. */
export type Inert = {
  /** Keys of rabbitmq.conf or variables; `*` stands for the rest of a name. */
  readonly patterns: readonly string[]
  readonly reason: string
  /** Whether nobody misses what they would do, so that no warning is called for. */
  readonly isHarmless: boolean
  /** Values that ask for what is done anyway, of which no warning is called for either. */
  readonly asItIs?: readonly string[]
}

/** Keys of rabbitmq.conf without effect, and why; the README lists them. */
export const INERT_KEYS: readonly Inert[] = [
  harmless('a broker of one node has no peers', [
    'cluster_formation.*',
    'cluster_partition_handling*',
    'cluster_keepalive_interval',
    'net_ticktime',
    'distributed_cookie',
    'mirroring_sync_*',
    'queue_leader_locator',
    'queue_master_locator',
    'quorum_queue.*',
    'raft.*',
    'mnesia_*',
    'khepri_*',
  ]),
  harmless('it tunes the Erlang runtime', [
    'erlang.*',
    'sysmon_handler.*',
    'background_gc_*',
    'delegate_count',
    'default_worker_pool_size',
    'hipe_compile',
    'socket_writer.*',
    'num_acceptors.*',
    'tcp_listen_options*',
    'msg_store_*',
    'message_store_*',
    'queue_index_*',
    'classic_queue.*',
    'lazy_queue_*',
    'vhost_restart_strategy',
  ]),
  harmless('statistics are counted at once', [
    'collect_statistics*',
    'management.rates_mode',
    'management.sample_retention_policies.*',
    'management.db_cache_multiplier',
    'management_agent.*',
    'prometheus.filter_aggregated_queue_metrics_pattern',
  ]),
  harmless('the log has one form', [
    'log.dir',
    'log.console.*',
    'log.file.*',
    'log.exchange*',
    'log.syslog*',
    'log.journald*',
    'log.default.*',
    'log.connection.*',
    'log.channel.*',
    'log.queue.*',
    'log.federation.*',
    'log.upgrade.*',
    'log.ra.*',
    'log.mirroring.*',
    'log.prelaunch.*',
    'motd_file',
    'product.*',
  ]),
  harmless('it is like that always', [
    'vm_memory_high_watermark_paging_ratio',
    'vm_memory_calculation_strategy',
    'memory_monitor_interval',
    'disk_monitor*',
    'initial_frame_max',
    'reverse_dns_lookups',
    'definitions.import_backend',
    'definitions.skip_if_unchanged',
    'definitions.hashing.*',
    'deprecated_features.permit.*',
    ...['ssl_options', 'management.ssl', 'prometheus.ssl'].flatMap((name) => [
      `${name}.honor_*`,
      `${name}.reuse_sessions`,
      `${name}.secure_renegotiate`,
      `${name}.client_renegotiation`,
    ]),
    'ssl_options.log_*',
    'ssl_options.bypass_pem_cache',
    'ssl_handshake_timeout',
  ]),
  missing('the protocol is not spoken', [
    'mqtt.*',
    'web_mqtt.*',
    'stomp.*',
    'web_stomp.*',
    'stream.*',
    'amqp1_0.*',
    'proxy_protocol',
  ]),
  {
    ...missing('users are kept in the broker alone', ['auth_backends.*']),
    asItIs: ['internal', 'rabbit_auth_backend_internal'],
  },
  {
    ...missing('passwords are hashed with SHA-256', ['password_hashing_module']),
    asItIs: ['rabbit_password_hashing_sha256'],
  },
  {
    ...missing('any password may be given', ['credential_validator.*']),
    asItIs: ['rabbit_credential_validator_accept_everything'],
  },
  missing('users are known to the broker alone', [
    'auth_oauth2.*',
    'auth_ldap.*',
    'auth_http.*',
    'auth_cache.*',
    'auth_jwt.*',
    'trust_store.*',
    'aws.*',
  ]),
  missing('it is not supported', [
    'management.*',
    'prometheus.*',
    'definitions.*',
    'ssl_options.*',
    'ssl_allow_poodle_attack',
    'default_limits.*',
    'default_policies.*',
    'default_users.*',
    'total_memory_available_override_value',
    'event_exchange.*',
    'tracing.*',
    'shovel.*',
    'federation.*',
  ]),
]

/** Variables without effect, and why. */
export const INERT_VARIABLES: readonly Inert[] = [
  missing('it holds Erlang terms: write rabbitmq.conf instead', ['RABBITMQ_ADVANCED_CONFIG_FILE']),
  missing('no shell file is read: set the variables themselves', ['RABBITMQ_CONF_ENV_FILE']),
  missing('set the options of TLS instead', ['RABBITMQ_SSL_*', 'RABBITMQ_MANAGEMENT_SSL_*']),
  missing('write rabbitmq.conf instead', [
    'RABBITMQ_VM_MEMORY_HIGH_WATERMARK',
    'RABBITMQ_HIPE_COMPILE',
  ]),
  missing('list plug-ins in a file instead', ['RABBITMQ_PLUGINS']),
  harmless('a broker of one node has no peers', [
    'RABBITMQ_ERLANG_COOKIE',
    'RABBITMQ_USE_LONGNAME',
    'RABBITMQ_DIST_PORT',
    'RABBITMQ_SERVER_ERL_ARGS',
    'RABBITMQ_CTL_ERL_ARGS',
    'RABBITMQ_IO_THREAD_POOL_SIZE',
  ]),
  harmless('it says where RabbitMQ itself lies', [
    'RABBITMQ_HOME',
    'RABBITMQ_DATA_DIR',
    'RABBITMQ_VERSION',
    'RABBITMQ_PGP_KEY_ID',
    'RABBITMQ_PID_FILE',
    'RABBITMQ_LOG_BASE',
    'RABBITMQ_PLUGINS_DIR',
    'RABBITMQ_PLUGINS_EXPAND_DIR',
    'RABBITMQ_GENERATED_CONFIG_DIR',
    'RABBITMQ_SCHEMA_DIR',
    'RABBITMQ_FEATURE_FLAGS_FILE',
    'RABBITMQ_FEATURE_FLAGS',
  ]),
]

/** The first of `all` that a name falls under. */
export function inertUnder(name: string, all: readonly Inert[]): Inert | undefined {
  return all.find(({ patterns }) =>
    patterns.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    ),
  )
}

function harmless(reason: string, patterns: readonly string[]): Inert {
  return { patterns, reason, isHarmless: true }
}

function missing(reason: string, patterns: readonly string[]): Inert {
  return { patterns, reason, isHarmless: false }
}
