/** A difference from RabbitMQ 3.10 that there is for a reason. */
export interface KnownDifference {
  /** Command lines. */
  readonly in: RegExp
  /** What the difference says. */
  readonly says: RegExp
  readonly reason: string
}

const ANY = /./
/** Fields of the HTTP API whose captures of RabbitMQ 4.3.6 are what is kept to. */
const SINCE = 'RabbitMQ 4 answers so'

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    in: /=\( /,
    says: /invalid_regexp|regular expression|missing \)/,
    reason: 'another engine has other words for what is wrong with an expression',
  },
  {
    in: /declare queue name=q\.elsewhere/,
    says: /could not be contacted|is not a cluster member/,
    reason: SINCE,
  },
  { in: /queue_type=nosuch/, says: /inequivalent arg 'x-queue-type'/, reason: SINCE },
  {
    in: /destination_type=cloud|ackmode=nosuch|vhost=nosuch|wrong-type\.json/,
    says: /^stderr/,
    reason: 'RabbitMQ fails inside: it is answered what is wrong',
  },
  {
    in: /declare (operator_)?policy/,
    says: /(&lt;|<)+"|apply-to 'clouds'/,
    reason: 'RabbitMQ 4 does not escape texts for HTML, and knows more that policies apply to',
  },
  {
    in: /publish .*exchange=nosuch/,
    says: /no exchange 'nosuch'|Not found/,
    reason: SINCE,
  },
  {
    in: /-V nosuch (publish|get|purge)|-p manager -V \/ /,
    says: /Access refused|Not found/,
    reason: 'RabbitMQ 4 answers 404 for what is in a vhost that is not there, or not for the user',
  },
  {
    in: /list connections/,
    says: /(peer_cert_\w+|ssl_\w+): "" instead of null$|peer_cert_serial_number: more/,
    reason: SINCE,
  },
  {
    in: /-f (tsv|table) -d 9 list connections/,
    says: /^exit 0 instead of 1$|TypeError|^stderr has: $/,
    reason:
      'the tool fails at null, which stands in RabbitMQ 3.10 for what there is not without TLS',
  },
  {
    in: /list (channels|consumers)/,
    says: /(cached_segments|consumer_timeout): more|consumer_timeout|(lacks|has): .*(ack_required|True|---)/,
    reason: 'RabbitMQ 4 has these fields more',
  },
  {
    in: /list exchanges/,
    says: /user_who_performed_action: "rmq-internal"/,
    reason: 'who declared an exchange is not kept',
  },
  {
    in: /list queues|export/,
    says: /\.x-queue-type: more/,
    reason: 'RabbitMQ 4 has the type of every queue among its arguments',
  },
  {
    in: /list queues/,
    says: /\.(backing_queue_status|exclusive_consumer_tag|garbage_collection|head_message_timestamp|idle_since|message_bytes_paged_out|messages_paged_out|recoverable_slaves|slave_nodes|synchronised_slave_nodes|single_active_consumer_c?tag|policy|operator_policy): missing$/,
    reason: 'RabbitMQ 4 does not list these fields, which are about Erlang, mirrors, or null',
  },
  {
    in: /list queues/,
    says: /\.(internal|internal_owner|storage_version|delayed_retry|delivery_limit|publishers|messages_delayed|messages_ready_returned|messages_active_priorities|messages_by_priority): more/,
    reason: 'RabbitMQ 4 has these fields more',
  },
  {
    in: /list queues/,
    says: /consumer_(capacity|utilisation): /,
    reason: 'a number between 0 and 1 that depends on the time',
  },
  {
    in: /list bindings/,
    says: /~\w+/,
    reason: 'the hash of arguments in the key of a binding is opaque, and another one here',
  },
  {
    in: /list vhosts/,
    says: /(default_queue_type|protected_from_deletion): |(recv|send)_oct(_details)?: more/,
    reason: 'RabbitMQ 4 has these fields more, and numbers are there before there is a connection',
  },
  {
    in: /json list vhosts name tracing/,
    says: /more than expected$/,
    reason: 'RabbitMQ 4 pays no heed to columns of vhosts',
  },
  {
    in: /list (parameters|vhost_limits)/,
    says: /"max-queues":-1|traced|vhost-limits|limits$| limits |lacks: ?(---)?$|lacks: .*(---\+|\| (admin|vhost) \|)|has: (No items)?$/,
    reason: 'a negative limit is none, and a vhost without limits is not listed',
  },
  {
    in: /list nodes/,
    says: /(ra_open_file_metrics|rabbitmq_version|erlang_version|erlang_full_version|crypto_lib_version|being_drained)/,
    reason: 'RabbitMQ 4 has these fields more; nothing is replicated by Raft',
  },
  {
    in: /show overview/,
    says: /(release_series_support_status: missing|(crypto_lib_version|default_queue_type|cluster_tags|is_op_policy_updating_enabled|node_tags|require_definition_json_extension): more)/,
    reason: 'RabbitMQ 4 has other fields here',
  },
  {
    in: /export/,
    says: /(metadata|limits|type|product_name|rabbitmq_definition_format|original_cluster_name|original_vhost_name|explanation|description): more|_version: /,
    reason: 'RabbitMQ 4 writes these fields too',
  },
  {
    in: /export/,
    says: /exchanges\..*internal: missing|x\.topic\b.*(missing|more)/,
    reason: 'RabbitMQ 4 does not export internal exchanges, nor their bindings',
  },
  {
    in: /-V copy .*list (exchanges|bindings)/,
    says: /x\.topic/,
    reason: 'RabbitMQ 4 does not export internal exchanges, nor their bindings',
  },
  {
    in: /no-vhost\.json/,
    says: /no_such_vhost|Please create virtual host/,
    reason: SINCE,
  },
  {
    in: /component=federation-upstream name=x value=\{\}/,
    says: ANY,
    reason: 'parameters of federation are kept for export, and not looked into',
  },
  {
    in: /export/,
    says: /limits traced|internal_cluster_id|cluster_(tags|name)/,
    reason: 'a negative limit is none; the parameters of the cluster are those of RabbitMQ 4',
  },
]

const NO_TLS = 'the HTTP API does not speak TLS'

/** Options that no case has, and why. */
export const UNUSED_FLAGS: ReadonlyMap<string, string> = new Map([
  ['ssl', NO_TLS],
  ['ssl-key-file', NO_TLS],
  ['ssl-cert-file', NO_TLS],
  ['ssl-ca-cert-file', NO_TLS],
  ['ssl-disable-hostname-verification', NO_TLS],
  ['ssl-insecure', NO_TLS],
])
