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

function mayDo({ user, vhost }: Session, permission: Permission, name: string): boolean {
  return user.permissions.get(vhost.name)?.permits(permission, name) ?? false
}
