/**
 * A client asked for something it cannot have. Core says why, in RabbitMQ's words; the protocol layer adds the
 * reply code and closes the channel or the connection.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, text: string) {
    super(text)
    this.name = 'Refusal'
    this.kind = kind
  }
}

/** Named after the reply codes of AMQP 0-9-1 section 1.2 that they become. */
export type RefusalKind =
  | 'access-refused'
  | 'not-found'
  | 'resource-locked'
  | 'precondition-failed'
  | 'command-invalid'
  | 'resource-error'
  | 'not-allowed'
  | 'not-implemented'
  | 'internal-error'

/** Something that a text names, such as `queue 'q' in vhost '/'`. */
export interface Resource {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
  readonly vhost: string
}

export function describe(resource: Resource): string {
  return `${resource.kind} '${resource.name}' in vhost '${resource.vhost}'`
}

export function notFound(resource: Resource): Refusal {
  return new Refusal('not-found', `no ${describe(resource)}`)
}

export function preconditionFailed(text: string): Refusal {
  return new Refusal('precondition-failed', text)
}

export function accessRefused(text: string): Refusal {
  return new Refusal('access-refused', text)
}

export function inUse(resource: Resource): Refusal {
  return preconditionFailed(`${describe(resource)} in use`)
}

export function exclusiveUse(queue: Resource): Refusal {
  return accessRefused(`${describe(queue)} in exclusive use`)
}

export function locked(queue: Resource): Refusal {
  return new Refusal(
    'resource-locked',
    `cannot obtain exclusive access to locked ${describe(queue)}. It could be originally declared on ` +
      'another connection or the exclusive property value does not match that of the original declaration.',
  )
}

/** An argument or property of a redeclare differs; both sides are shown as RabbitMQ shows them. */
export function inequivalent(
  argument: string,
  resource: Resource,
  received: string,
  current: string,
): Refusal {
  return preconditionFailed(
    `inequivalent arg '${argument}' for ${describe(resource)}: received ${received} but current is ${current}`,
  )
}
