import type { Connection } from './connection.ts'

/**
 * Closes connections from the server's side, as an operator or a shutdown does. None of them is given what another
 * gives back: every one of these deliveries would count as failed.
 */
export function forceClose(connections: Iterable<Connection>, reason: string): void {
  const leaving = [...connections]
  for (const connection of leaving) connection.isLeaving = true
  for (const connection of leaving) connection.forceClose(reason)
}
