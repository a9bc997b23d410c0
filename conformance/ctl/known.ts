/** A difference that is meant to be, and why. */
export interface KnownDifference {
  /** The file of captures, `$` and the command. */
  readonly in: RegExp
  readonly says: RegExp
  readonly reason: string
}

const ANY = /./

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    in: /status|cluster_status|report/,
    says: /Erlang|Crypto library|Raft data directory|rabbitmq\.conf$|Config files|\(none\)/,
    reason: 'it runs on Node, keeps everything in one directory, and was given no file',
  },
  {
    in: / status$/,
    says: /lacks: {2}?\* (oauthN_client|prometheus|ddskerl|amqp_client|cowboy|rabbitmq_amqp_client|amqpN_client|gun|rabbitmq_stream_common)$/,
    reason: 'libraries of RabbitMQ, which it lists among its plug-ins',
  },
  {
    in: /status|listeners|check_port_connectivity|check_protocol_listener/,
    says: /protocol: (stream|clustering|amqp|amqp\/ssl), purpose|following protocols|"listeners":/,
    reason: 'there is no cluster, stream protocol or AMQP 1.0, and no TLS in this comparison',
  },
  {
    in: /feature_flags|cluster_status/,
    says: /lacks: .*(Flag: |\t?enabled|"stability":"required")/,
    reason:
      'flags of RabbitMQ’s own parts; those that tools ask for are there, and none is required',
  },
  {
    in: /list_deprecated_features/,
    says: /amqp_|management_metrics|queue_master_locator/,
    reason:
      'features of AMQP 1.0 and of the statistics; RabbitMQ 4.2 still permits what 4.3 denies',
  },
  {
    in: /list exchanges|list_exchanges/,
    says: /amq\.rabbitmq\.log|ex\.jms|federation: /,
    reason: 'nothing is logged into an exchange, and there is no JMS and no federation',
  },
  {
    in: /list_exchanges .*policy/,
    says: /ex\.direct/,
    reason: 'the policy fed is one of the federation plug-in',
  },
  {
    in: /list_policies|list policies/,
    says: /federation-upstream/,
    reason: 'policies of the federation plug-in are not known',
  },
  {
    in: /list_global_parameters/,
    says: /internal_cluster_id|lacks: tmp/,
    reason: 'the cluster has no identifier of its own; tmp was left by another test',
  },
  {
    in: /list_queues|list queues|list_bindings|list bindings/,
    says: /q\.stream|\bct\b|spare|federation: |ex\.jms|q\.(auto|exclusive|dead|args)|amq\.gen|a\/b c~d%é|kN|"ex\.\w+"|"amq\.|name with/,
    reason:
      'no streams and no federation; the clients of the comparison hold other exclusive queues and messages',
  },
  {
    in: /formatter (csv|json-nosuch)/,
    says: ANY,
    reason:
      'RabbitMQ’s tool crashes on lists in csv and on unknown formatters; ours prints them, and says which there are',
  },
  {
    in: /formatter pretty_table|list_policies_that_match/,
    says: /alice|bob|carol|dave|erin|frank|guest|"max-length"/,
    reason: 'RabbitMQ runs the elements of lists together in pretty tables: managementcustom-tag',
  },
  {
    in: /list_connections|list connections|list_channels|list channels|list_consumers|list consumers/,
    says: /lacks: |has: .*(q\.sac|q\.classic|q\.quorum|amq\.ctag|qw|gq|work|N:N|"consumer_tag")/,
    reason:
      'other clients, with other properties and consumer tags; arguments come as JSON, so that integers are long',
  },
  {
    in: /list_(hashes|ciphers)/,
    says: ANY,
    reason: 'what OpenSSL of Node has',
  },
  {
    in: /erlang_version|environment|command_line_arguments|os_env/,
    says: ANY,
    reason: 'what the process is, and has been given',
  },
  {
    in: /eval rabbit_misc:nosuch/,
    says: /:undef/,
    reason: 'there is no Erlang stack to print',
  },
  {
    in: /import_definitions \/var\/lib\/rabbitmq\/defs|import \/tmp/,
    says: ANY,
    reason:
      'RabbitMQ cannot import the bindings of its federation plug-in again; there are none here',
  },
  {
    in: /nosuch@host|stop-and-down/,
    says: /stderr lacks: ( ?\* |rabbit@host:|nosuch@host:|Current node| ?(no )?other nodes)|stderr has: ( ?\* )/,
    reason:
      'no epmd, cookies or long names to give advice about; data directories and sockets instead',
  },
  {
    in: / -l list_vhosts/,
    says: ANY,
    reason: 'long and short names are the same node',
  },
  {
    in: /check_if_cluster_has_classic_queue_mirroring_policy|check_certificate_expiration/,
    says: ANY,
    reason: 'RabbitMQ’s tool calls what is gone, and warns of itself; no TLS in this comparison',
  },
  {
    in: /runtime_thread_stats|maybe_stuck|remote_shell|consume_event_stream|observer|metadata_store_status|quorum_status|rabbitmq-queues (list|rebalance)|log_tail|encode x/,
    says: ANY,
    reason: 'about Erlang’s processes, several nodes, or encrypted Erlang terms',
  },
  {
    in: /set_policy -p orders p2 \[/,
    says: /regular expression|^stderr lacks: {1,2}N\}$/,
    reason: 'another engine has other words for what is wrong with an expression',
  },
  {
    in: /purge_queue -p orders q\.stream/,
    says: ANY,
    reason: 'there are no streams',
  },
  {
    in: /rabbitmq-upgrade drain|^maintenance/,
    says: ANY,
    reason: 'a broker of one node has no other to take its clients: maintenance is refused',
  },
  {
    in: /rabbitmqadmin --help/,
    says: ANY,
    reason: 'words of our own',
  },
  {
    in: /list parameters/,
    says: /op-max/,
    reason: 'fields of an object stand in another order inside of a table',
  },
  {
    in: /declare parameter component=shovel/,
    says: ANY,
    reason: 'parameters of plug-ins that are not there are kept as they are',
  },
  {
    in: /reset --help/,
    says: /--data-dir|--api/,
    reason: 'options of ours',
  },
  {
    in: /rabbitmq-plugins (list|directories)/,
    says: /rabbitmq_delayed_message_exchange|rabbitmq_message_deduplication|archives|expansion/,
    reason: 'two exchanges more are built in, and nothing is expanded',
  },
  {
    in: /is_enabled rabbitmq_shovel/,
    says: /Enabled plugins and dependencies/,
    reason: 'libraries of RabbitMQ, which it lists among its plug-ins',
  },
]
