import type { Socket } from 'node:net'
import { Listener } from './listener.ts'

/** The address that stands for all of a machine's, IPv6 and IPv4. */
const ANY_ADDRESS = '::'

/**
 * Listens on all these addresses with one port; 0 takes one that is free on each of them. Where the machine has no
 * IPv6, `::` becomes 0.0.0.0 and other IPv6 addresses are left out, unless they are all there is. Rejects with
 * Node's error when an address cannot be had; connections that came on another one meanwhile are destroyed. What goes
 * wrong with a single connection later goes to `fail`.
 */
export async function openListeners(
  hosts: readonly string[],
  port: number,
  accept: (socket: Socket) => void,
  fail: (error: Error) => void,
): Promise<readonly Listener[]> {
  for (let attempt = 1; ; attempt++) {
    const listeners: Listener[] = []
    let early: Socket[] | null = [] // came before all addresses were had; null from then on
    const acceptOne = (socket: Socket) => {
      early?.push(socket)
      accept(socket)
    }
    try {
      for (const host of hosts) {
        const wanted = listeners[0]?.port ?? port
        const listener = await openWithFallback(host, wanted, acceptOne, fail, hosts.length > 1)
        if (listener !== null) listeners.push(listener)
      }
      early = null
      return listeners
    } catch (error) {
      for (const socket of early ?? []) socket.destroy() // closing waits for them
      await Promise.all(listeners.map((listener) => listener.close()))
      // a port that was free on the first address may be taken on the second: then another one is tried
      const canRetry = port === 0 && listeners.length > 0 && codeOf(error) === 'EADDRINUSE'
      if (!canRetry || attempt === MAX_ATTEMPTS) throw error
    }
  }
}

const MAX_ATTEMPTS = 10

async function openWithFallback(
  host: string,
  port: number,
  accept: (socket: Socket) => void,
  fail: (error: Error) => void,
  mayLeaveOut: boolean,
): Promise<Listener | null> {
  try {
    return await Listener.open(host, port, accept, fail)
  } catch (error) {
    if (!host.includes(':') || !lacksIpv6(error)) throw error
    if (host === ANY_ADDRESS) return Listener.open('0.0.0.0', port, accept, fail)
    if (mayLeaveOut) return null
    throw error
  }
}

function lacksIpv6(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
}

/** The code of a system error, such as EADDRINUSE; null for other errors. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
