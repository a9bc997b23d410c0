/** A difference between what one broker exported and what another did that has imported it, and why there is one. */
export interface KnownDifference {
  /** The way that definitions took, by its name. */
  readonly in: RegExp
  readonly says: RegExp
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    in: /./,
    says: /^(rabbit|rabbitmq|product)_version: "/,
    reason: 'each broker writes its own version',
  },
  {
    in: /^RabbitMQ to Leveret/,
    says: /^(rabbitmq_version|product_name|product_version|rabbitmq_definition_format|original_cluster_name|original_vhost_name|explanation|metadata|description|limits): more than expected$/,
    reason: 'RabbitMQ 4 writes these fields too',
  },
  {
    in: /^Leveret to RabbitMQ/,
    says: /^(rabbitmq_version|product_name|product_version|rabbitmq_definition_format|original_cluster_name|original_vhost_name|explanation|metadata|description|limits): missing$/,
    reason: 'RabbitMQ 3.10 does not write these fields yet',
  },
  {
    in: /^RabbitMQ to Leveret/,
    says: /^vhosts\.\[[^\]]*\]\.(metadata|limits|metadata\.default_queue_type): more than expected$/,
    reason: 'RabbitMQ 4 writes these fields too; where 3.10 says nothing, they say nothing else',
  },
  {
    in: /^Leveret to RabbitMQ/,
    says: /^vhosts\.\[[^\]]*\]\.(metadata|limits|metadata\.default_queue_type): missing$/,
    reason:
      'RabbitMQ 3.10 exports vhosts over HTTP as names alone, and knows no default type of queues',
  },
  {
    in: /^RabbitMQ to Leveret/,
    says: /^queues\.\[[^\]]*\]\.(type|arguments\.x-queue-type): more than expected$/,
    reason: 'RabbitMQ 4 writes the type of every queue, and has it among the arguments',
  },
  {
    in: /^Leveret to RabbitMQ/,
    says: /^queues\.\[[^\]]*\]\.type: missing$/,
    reason: 'RabbitMQ 3.10 has the type of a queue among its arguments alone',
  },
  {
    in: /^RabbitMQ to Leveret/,
    says: /^exchanges\.\[[^\]]*\]\.internal: missing$/,
    reason:
      'RabbitMQ 4 exports no internal exchanges, and does not say of others that they are not',
  },
  {
    in: /^Leveret to RabbitMQ/,
    says: /^exchanges\.\[[^\]]*\]\.internal: more than expected$/,
    reason: 'RabbitMQ 3.10 says of each exchange whether it is internal',
  },
  {
    in: /^RabbitMQ to Leveret/,
    says: /^global_parameters\.\[cluster_tags\]: more than expected$/,
    reason: 'every cluster of RabbitMQ 4 has tags',
  },
  {
    in: /^Leveret to RabbitMQ/,
    says: /^global_parameters\.\[internal_cluster_id\]: more than expected$/,
    reason: 'RabbitMQ makes up an identifier for each cluster',
  },
  {
    in: /^Leveret to RabbitMQ over HTTP, export_definitions$/,
    says: /^global_parameters\.\[of-ours\]\.value: \[\["list"/,
    reason: 'rabbitmqctl 3.10 writes objects as lists of pairs, and null as a text',
  },
]
