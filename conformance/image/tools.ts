const NAMES = [
  'rabbitmq-server',
  'rabbitmqctl',
  'rabbitmq-diagnostics',
  'rabbitmq-plugins',
  'rabbitmq-queues',
  'rabbitmq-streams',
  'rabbitmq-upgrade',
  'rabbitmqadmin',
]
const PLACES = ['/opt/rabbitmq/sbin', '/usr/local/bin', '/usr/sbin']

/** What scripts call by its path, in RabbitMQ's images and Debian's package. */
export const TOOLS: readonly string[] = [
  ...PLACES.flatMap((place) => NAMES.map((name) => `${place}/${name}`)),
  '/usr/local/bin/docker-entrypoint.sh',
  '/usr/local/bin/gosu',
  '/usr/local/bin/leveret',
  '/usr/bin/curl',
  '/usr/bin/wget',
  '/usr/bin/nc',
  '/bin/bash',
]
