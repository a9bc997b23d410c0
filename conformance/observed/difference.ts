import type { Outcome } from './outcome.ts'

/** Why Leveret answers otherwise than RabbitMQ 4.3.6 did. There are no other reasons. */
export const REASONS = {
  crash:
    'RabbitMQ crashes (541, or a socket that closes without a word): a fitting code is friendlier',
  pause: 'RabbitMQ closes the socket after a silent pause: a close that explains is friendlier',
  only091: 'a broker of AMQP 0-9-1 alone offers that version, whatever the client began with',
  builtIn: 'an exchange type is built in that the observed node did not have',
  accident:
    'RabbitMQ says something wrong by accident: a word its runtime knows for another purpose, a time that is not the one used',
  mechanisms: 'without TLS, Leveret offers the mechanisms PLAIN and AMQPLAIN',
  profile: 'the observed node ran with another configuration than this compatibility profile',
} as const

export type Difference = {
  readonly reason: keyof typeof REASONS
  /** The answer that Leveret gives instead. Any other is a failure. */
  readonly instead: Outcome
}

const INVALID_RESPONSE = (mechanism: string): Outcome =>
  `connection 502 0.0 SYNTAX_ERROR - response of ${mechanism} is invalid`
const UNKNOWN_MECHANISM = (mechanism: string): Outcome =>
  `connection 503 0.0 COMMAND_INVALID - unknown authentication mechanism '${mechanism}'`
const NO_QUEUE = (name: string): Outcome =>
  `channel 404 50.10 NOT_FOUND - no queue '${name}' in vhost '/'`
const UNKNOWN_METHOD = (ids: string): Outcome =>
  `connection 503 ${ids} COMMAND_INVALID - unknown method`
const TUNING = (name: string, comparison: string): Outcome =>
  `connection 530 10.30 NOT_ALLOWED - negotiated ${name} is ${comparison}`
const OFFER_091 = 'handshake ["AMQP 0 0 9 1","end"]'

const TRANSIENT_DENIED: Outcome = [
  'connection 541 50.10 INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.',
  'By default, this feature is not permitted anymore.',
  'The feature will be removed from a future major RabbitMQ version, regardless of the configuration; actual version to be determined.',
  'To...',
].join('\n')

/** The observations that Leveret means not to repeat, by the name of the case. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  ...because('crash', {
    'passive reply-to unknown': NO_QUEUE('amq.rabbitmq.reply-to.xyz'),
    'active declare reply-to unknown': NO_QUEUE('amq.rabbitmq.reply-to.xyz'),
    'reply-text over 255 bytes, cut inside a UTF-8 character': `channel 404 50.10 NOT_FOUND - no queue 'x${'é'.repeat(114)}...`,
    'frame: unknown class 70': UNKNOWN_METHOD('70.10'),
    'frame: unknown method 60.15': UNKNOWN_METHOD('60.15'),
    'frame: unknown method 20.99': UNKNOWN_METHOD('20.99'),
    'frame: unknown table tag':
      'connection 501 50.10 FRAME_ERROR - cannot decode <<0,0,1,113,0,0,0,0,3,1,97,90>>',
    'chash prop non string': `channel 406 40.10 PRECONDITION_FAILED - invalid type 'signedint' for arg 'hash-property'`,
    'chash header non string': `channel 406 40.10 PRECONDITION_FAILED - invalid type 'signedint' for arg 'hash-header'`,
    'frame: basic.cancel-ok from client':
      'connection 503 60.31 COMMAND_INVALID - unimplemented method',
  }),
  ...because('builtIn', {
    "xtype 'x-delayed-message'":
      "channel 406 40.10 PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange type",
    "xtype 'x-message-deduplication'":
      "channel 406 40.10 PRECONDITION_FAILED - Missing or invalid argument, 'x-cache-size' must be an integer greater than 0",
  }),
  ...because('accident', {
    "xtype 'x-jms-topic'":
      "channel 406 40.10 PRECONDITION_FAILED - unknown exchange type 'x-jms-topic'",
    'quorum consumer timeout, client without consumer_cancel_notify':
      'channel 406 0.0 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1000 ms. This timeout value can be configured, see consumers doc guide to learn more',
  }),
  ...because('mechanisms', { 'login ANONYMOUS': UNKNOWN_MECHANISM('ANONYMOUS') }),
  ...because('pause', {
    'login unknown mechanism': UNKNOWN_MECHANISM('FOO'),
    'login EXTERNAL': UNKNOWN_MECHANISM('EXTERNAL'),
    'login PLAIN lower case': UNKNOWN_MECHANISM('plain'),
    'login PLAIN malformed': INVALID_RESPONSE('PLAIN'),
    'login PLAIN empty': INVALID_RESPONSE('PLAIN'),
    'login PLAIN authzid': INVALID_RESPONSE('PLAIN'),
    'login AMQPLAIN missing': INVALID_RESPONSE('AMQPLAIN'),
    'login AMQPLAIN wrong type': INVALID_RESPONSE('AMQPLAIN'),
    'login AMQPLAIN garbage': INVALID_RESPONSE('AMQPLAIN'),
    'tune-ok [2047, 4096, 60]': TUNING(
      'frame_max = 4096',
      'lower than the minimum allowed value (8192)',
    ),
    'tune-ok [2047, 8191, 60]': TUNING(
      'frame_max = 8191',
      'lower than the minimum allowed value (8192)',
    ),
    'tune-ok [2047, 131073, 60]': TUNING(
      'frame_max = 131073',
      'higher than the maximum allowed value (131072)',
    ),
    'tune-ok [2047, 0, 60]': TUNING(
      'frame_max = 0 (no limit)',
      'higher than the maximum allowed value (131072)',
    ),
    'tune-ok [2048, 131072, 60]': TUNING(
      'channel_max = 2048',
      'higher than the maximum allowed value (2047)',
    ),
    'tune-ok [0, 131072, 60]': TUNING(
      'channel_max = 0 (no limit)',
      'higher than the maximum allowed value (2047)',
    ),
  }),
  ...because('only091', {
    'header AMQP\\x01\\x01\\t\\x01': OFFER_091,
    'header AMQP\\x01\\x01\\x08\\x00': OFFER_091,
    'header AMQP\\x00\\x01\\x00\\x00': OFFER_091,
    'header AMQP\\x02\\x01\\x00\\x00': OFFER_091,
    'header AMQP\\x03\\x01\\x00\\x00': OFFER_091,
    'header GET / HTTP/1.1\\r\\n\\r\\n': OFFER_091,
    'header \\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03': OFFER_091,
    'header HELLO WORLD': OFFER_091,
  }),
  ...because('profile', {
    'ineq durable f->t': TRANSIENT_DENIED,
    'transient non-exclusive queue, no configuration (Debian build permits it, upstream 4.3 denies)':
      TRANSIENT_DENIED,
  }),
}

function because(
  reason: Difference['reason'],
  outcomes: Readonly<Record<string, Outcome>>,
): Record<string, Difference> {
  return Object.fromEntries(
    Object.entries(outcomes).map(([name, instead]) => [name, { reason, instead }]),
  )
}
