import type { Permission } from '../auth/permissions.ts'
import { accessRefused, describe, type Resource } from '../core/refusal.ts'
import type { Session } from './handshake.ts'

/** Throws access-refused when the user may not do this with the queue or exchange, whether it exists or not. */
export function assertPermitted(
  session: Session,
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
  session: Session,
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
  { user, vhost }: Session,
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

function mayDo({ user, vhost }: Session, permission: Permission, name: string): boolean {
  return user.permissions.get(vhost.name)?.permits(permission, name) ?? false
}
