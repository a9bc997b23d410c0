/** How RabbitMQ 3.10 differs from what later versions do, and so from Leveret. */
export interface Difference {
  readonly routes: RegExp
  /** Names of those who are answered otherwise. */
  readonly callers: RegExp
  readonly reason: string
}

export const DIFFERENCES: readonly Difference[] = [
  {
    routes: /^GET \/user-limits/,
    callers: /^(management|policymaker|monitoring)/,
    reason: '3.10 shows the limits of users to everybody with a tag',
  },
  {
    routes: /^GET \/feature-flags$/,
    callers: /^(management|policymaker|monitoring)/,
    reason: '3.10 shows feature flags to administrators only',
  },
  {
    routes: /^(GET|DELETE) \/connections\/username\//,
    callers: /^(management|policymaker)/,
    reason: '3.10 fails inside (500) where it should refuse',
  },
  {
    routes: /^DELETE \/connections\/username\//,
    callers: /^monitoring/,
    reason: '3.10 fails inside (500) where it should refuse',
  },
  {
    routes: /^POST \/queues\/:vhost\/:name\/actions$/,
    callers: /^administrator/,
    reason: '3.10 has mirrors that can be synchronised',
  },
  {
    routes: /^GET \/aliveness-test\/:vhost$/,
    callers: /-powerless$/,
    reason:
      '3.10 declares a queue, publishes to it and gets the message; since 4.0 a channel is opened',
  },
]

/** Routes that 3.10 does not have. */
export const SINCE_4 =
  /^(GET \/queues\/detailed|\w+ \/vhosts\/:vhost\/deletion\/protection|GET \/users\/:user\/queues|GET \/auth\/hash_password|GET \/version|DELETE \/login|GET \/deprecated-features|GET \/health\/checks\/(is-in-service|below-node|ready-to|reached-target|metadata-store|quorum-queues-without)|GET \/connections\/:name\/sessions|GET \/config\/effective)/

/** Routes that no RabbitMQ has. */
export const OWN =
  /^\w+ (\/control\/|\/queues\/:vhost\/:name\/(messages|move|replay)|\/exchanges\/:vhost\/:name\/trial)/
