/** Where a broker listens and who logs in. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly vhost: string
}

/** Reads `amqp://user:password@127.0.0.1:5672/vhost`. Throws for what is no such address, and for other machines. */
export function addressOf(url: string): Address {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  if (protocol !== 'amqp:') throw new Error(`${url} does not begin with amqp://`)
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname
  if (!host.startsWith('127.')) throw new Error(`${url} is not on 127.0.0.1`)
  const vhost = decodeURIComponent(pathname.slice(1))
  return {
    host,
    port: Number(port || 5672),
    user: decodeURIComponent(username || 'guest'),
    password: decodeURIComponent(password || 'guest'),
    vhost: vhost === '' ? '/' : vhost,
  }
}
