/** A difference from RabbitMQ that there is for a reason. */
export interface KnownDifference {
  /** Names of captures. */
  readonly in: RegExp
  /** What the difference says. */
  readonly says: RegExp
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    in: /stream|federation|shovel|trace|get\/top$|misc 4[0-36]$|by-tag 49|write\/queues 45|publish-get 46/,
    says: /^status 404 instead of/,
    reason: 'streams, federation, shovels, tracing to files and top are plug-ins that are not here',
  },
  {
    in: /./,
    says: /^status (400|404|200) instead of 500/,
    reason: 'RabbitMQ fails inside: it is answered what is wrong, or what was asked for',
  },
  {
    in: /^fresh\/(all-configuration|definitions)/,
    says: /^body\.exchanges: empty$/,
    reason: 'there is no exchange amq.rabbitmq.log',
  },
  {
    in: /^fresh\/feature-flags$/,
    says: /callbacks: empty$/,
    reason: 'no feature flag has anything to call',
  },
  {
    in: /^(fresh|get)\/node/,
    says: /config_files: empty$/,
    reason: 'the configuration need not be a file',
  },
  {
    in: /^get\/detailed-rates/,
    says: /^status 404/,
    reason: 'taken on another node, in a mode of rates by pairs of objects that is not here',
  },
  {
    in: /^get\/node-memory-ets$/,
    says: /^status 404/,
    reason: 'tables of Erlang are not here',
  },
  {
    in: /^get\/connection-tls-client$/,
    says: /^status 404/,
    reason: 'the scene has no client over TLS',
  },
  {
    in: /^get\/(quorum-queue-status|queue-server-named)$|misc 45$/,
    says: /^status 404/,
    reason: 'a queue of another name; quorum queues are not replicated',
  },
  {
    in: /^access\/401 19$/,
    says: /^header (allow|cache-control|content-security-policy|content-type): /,
    reason: 'the web page is another one',
  },
  {
    in: /^health\/ok (4|1[0-9])$|^page\/err-out-of-range$/,
    says: /^(error|status)/,
    reason: 'other ports, protocols and certificates, and another number of queues',
  },
  {
    in: /^write\/(queues-invalid-args|definitions 2$)/,
    says: /: more than expected$/,
    reason: 'numbers of a new queue are there at once, in RabbitMQ after five seconds',
  },
  {
    in: /^write\/(boot-import-users|vhost-deletion-protection 9)/,
    says: /: more than expected$/,
    reason: 'taken on another node, or when the vhosts had not been used',
  },
  {
    in: /^write\/(queues 15|exchanges 8|bindings 16)$/,
    says: /^error/,
    reason: 'RabbitMQ prints its own stack; it is said which field is wrong',
  },
  {
    in: /^write\/bindings (5|6)$/,
    says: /^header location/,
    reason: 'the hash of arguments in the key of a binding is opaque, and another one here',
  },
  {
    in: /^write\/exchanges 23$/,
    says: /^status 201/,
    reason: 'x-delayed-message is built in',
  },
  {
    in: /^write\/(definitions 18|permissions (6|18)|policies 12)$/,
    says: /^error/,
    reason: 'what is wrong with a regular expression is said in the words of another compiler',
  },
  {
    in: /^write\/(vhost-deletion-protection [25]|vhosts 1[345])$/,
    says: /^header allow/,
    reason: 'RabbitMQ allows a GET that has no answer',
  },
  {
    in: /^write\/connections-close 2$/,
    says: /^status 404/,
    reason: 'a closed connection is gone at once',
  },
  {
    in: /^write\/definitions 23$/,
    says: /^header (cache-control|etag)/,
    reason: 'an error is not marked like what was asked for',
  },
  {
    in: /^write\/parameters-limits 1$/,
    says: /^status 201/,
    reason: 'parameters of shovels are kept for export, and not looked into',
  },
  {
    in: /^write\/vhost-deletion-protection 6$/,
    says: /protected_from_deletion: missing$/,
    reason: 'what is not protected does not say so twice',
  },
  {
    in: /^write\/queues-invalid-args 14$/,
    says: /^error/,
    reason: 'there are no streams whose arguments could be wrong',
  },
  {
    in: /^get\/vhost-connections$/,
    says: /string instead of null$/,
    reason: 'the connections kept in the capture are internal ones of plug-ins',
  },
  {
    in: /^page\/queue-samples$/,
    says: /reductions_details/,
    reason: 'there are no reductions of Erlang to be sampled',
  },
  {
    in: /^page\/err-name-too-long$/,
    says: /^status 400/,
    reason: 'a name of more than 1000 characters',
  },
  {
    in: /^(get|page)\/(channel|connection-channels|queue)/,
    says: /idle_since: more than expected$/,
    reason: 'the scene comes to rest; what was captured was under load',
  },
  {
    in: /^get\/queue-(args|dead)$/,
    says: /head_message_timestamp: null instead of number$/,
    reason: 'no message waits there now',
  },
  {
    in: /^get\/queues-detailed$/,
    says: /single_active_consumer_tag: string instead of null$/,
    reason: 'the queues that were kept in the capture have none',
  },
  {
    in: /^page\/queues-last-page$/,
    says: /operator_policy: missing$/,
    reason: 'another queue comes last',
  },
  {
    in: /channel/,
    says: /global_prefetch_count: more than expected$/,
    reason: 'RabbitMQ 4.3 has no prefetch for all consumers of a channel, 4.2 had',
  },
  {
    in: /^access\/401 22$/,
    says: /^header etag/,
    reason: 'the page of the API is made anew with each release',
  },
  {
    in: /^write\/queues 29$/,
    says: /^status 400/,
    reason: 'RabbitMQ declared the queue durable when the body said null, but not when it said {}',
  },
]
