import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { packageVersion } from './version.ts'

/** What the banner tells of a broker. */
type StartedBroker = {
  readonly amqp: { readonly port: number }
  readonly amqps: { readonly port: number } | null
  readonly url: string
}

/** A few lines for the person at the terminal: what runs, where it listens, how to log in, how to stop it. */
export function banner(config: Config, broker: StartedBroker): string {
  const listeners = config.host.map((host) => endpoint(host, broker.amqp.port))
  if (broker.amqps !== null) listeners.push(`TLS on port ${broker.amqps.port}`)
  const lines = [
    `Leveret ${packageVersion()}, AMQP 0-9-1 like RabbitMQ ${config.compat}`,
    '',
    `Listening  ${listeners.join(', ')}`,
    `Data in    ${config.dataDir === undefined ? 'memory, lost when it stops' : resolve(config.dataDir)}`,
    ...loginLines(config, broker.url),
    '',
    'Ctrl-C stops it.',
  ]
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`
}

/** Only a password that everybody knows is shown. A data directory that is not new may know other users. */
function loginLines(config: Config, url: string): readonly string[] {
  const { defaultUser: user, defaultPass, defaultVhost: vhost } = config
  const isKnown = user === 'guest' && defaultPass === 'guest'
  const shown = isKnown ? url : url.replace(/:[^:@]*@/, '@')
  const password = isKnown ? ', password guest' : ''
  const from = config.loopbackUsers.includes(user) ? ', from this machine only' : ''
  return [`Log in at  ${shown}`, `as         ${user}${password}, vhost ${vhost}${from}`]
}

/** An IPv6 address stands in brackets before a port. */
function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
