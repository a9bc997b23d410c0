import type { Permission } from '../auth/permissions.ts'
import { textOf } from '../common/table.ts'
import type { ExchangeDeclared } from '../core/exchange/exchange.ts'
import { assertNotDefaultExchange } from '../core/names.ts'
import type { QueueDeclared } from '../core/queue/queue-declared.ts'
import { accessRefused, describe, type Resource } from '../core/refusal.ts'
import type { BindingTarget } from '../core/vhost.ts'
import type { Session } from './handshake.ts'

/** Who does something, and where. */
export type Access = Pick<Session, 'user' | 'vhost'>

/** Throws access-refused when the user may not do this with the queue or exchange, whether it exists or not. */
export function assertPermitted(
  session: Access,
  permission: Permission,
  kind: 'queue' | 'exchange',
  name: string,
): void {
  if (mayDo(session, permission, name)) return
  const shown: Resource = {
    kind,
    name: kind === 'exchange' && name === '' ? 'amq.default' : name,
    vhost: session.vhost.name,
  }
  throw accessRefused(
    `${permission} access to ${describe(shown)} refused for user '${session.user.name}'`,
  )
}

/** A passive declare needs any one of the three permissions (RabbitMQ 4.3.1). */
export function assertPermittedSomehow(
  session: Access,
  kind: 'queue' | 'exchange',
  name: string,
): void {
  if (mayDo(session, 'write', name) || mayDo(session, 'read', name)) return
  assertPermitted(session, 'configure', kind, name)
}

/**
 * Throws access-refused when a topic exchange is closed to the user for one of the routing keys. An exchange that
 * says nothing of topics is open.
 */
export function assertTopicsPermitted(
  { user, vhost }: Access,
  permission: 'write' | 'read',
  exchange: string,
  routingKeys: readonly string[],
): void {
  const permissions = user.topicPermissionsOf(vhost.name, exchange)
  if (permissions === null) return
  for (const key of routingKeys) {
    if (permissions.permits(permission, key, user.name, vhost.name)) continue
    const shown: Resource = { kind: 'exchange', name: exchange, vhost: vhost.name }
    throw accessRefused(
      `${permission} access to topic '${key}' in ${describe(shown)} refused for user '${user.name}'`,
    )
  }
}

/**
 * Who binds, or takes a binding away, must be able to write to the target and to read from the source, if that is a topic
 * exchange by this key too. Throws access-refused when the user may not, and when an end is the default exchange.
 */
export function assertMayBind(
  session: Access,
  source: string,
  target: BindingTarget,
  routingKey: string,
): void {
  assertPermitted(session, 'write', target.kind, target.name)
  if (target.kind === 'exchange') assertNotDefaultExchange(target.name)
  assertNotDefaultExchange(source)
  assertPermitted(session, 'read', 'exchange', source)
  if (session.vhost.exchanges.find(source)?.type !== 'topic') return
  assertTopicsPermitted(session, 'read', source, [routingKey])
}

/** Who sets up dead-lettering must be able to read from the queue and write to the exchange. */
export function assertDeadLetterPermitted(session: Access, declared: QueueDeclared): void {
  const exchange = textOf(declared.arguments.get('x-dead-letter-exchange'))
  if (exchange === null || session.vhost.queues.find(declared.name) !== undefined) return
  assertPermitted(session, 'read', 'queue', declared.name)
  assertPermitted(session, 'write', 'exchange', exchange)
}

/** Who sets up an alternate exchange must be able to read from the one and write to the other. */
export function assertAlternatePermitted(session: Access, declared: ExchangeDeclared): void {
  const alternate = textOf(declared.arguments.get('alternate-exchange'))
  if (alternate === null || session.vhost.exchanges.find(declared.name) !== undefined) return
  assertPermitted(session, 'read', 'exchange', declared.name)
  assertPermitted(session, 'write', 'exchange', alternate)
}

function mayDo({ user, vhost }: Access, permission: Permission, name: string): boolean {
  return user.permissions.get(vhost.name)?.permits(permission, name) ?? false
}
