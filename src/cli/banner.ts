import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { packageVersion } from './version.ts'

/** What the banner tells of a broker. */
type StartedBroker = { readonly amqp: { readonly port: number }; readonly url: string }

/** A few lines for the person at the terminal: what runs, where it listens, how to log in, how to stop it. */
export function banner(config: Config, broker: StartedBroker): string {
  const listeners = config.host.map((host) => endpoint(host, broker.amqp.port))
  const isGuestLocal = config.loopbackUsers.includes('guest')
  const lines = [
    `Leveret ${packageVersion()}, AMQP 0-9-1 like RabbitMQ ${config.compat}`,
    '',
    `Listening  ${listeners.join(', ')}`,
    `Data in    ${config.dataDir === undefined ? 'memory, lost when it stops' : resolve(config.dataDir)}`,
    `Log in at  ${broker.url}`,
    `as         guest, password guest, vhost /${isGuestLocal ? ', from this machine only' : ''}`,
    '',
    'Ctrl-C stops it.',
  ]
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`
}

/** An IPv6 address stands in brackets before a port. */
function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
