/** On a socket that listens for IPv6 and IPv4, an IPv4 address comes with a prefix that nobody wants to see. */
export function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
}

/** Whether it is one of this machine, for this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || plainAddress(address).startsWith('127.')
}
