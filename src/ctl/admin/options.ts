import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ClientTls } from '../http.ts'
import { AdminError } from './admin-error.ts'

/** Where rabbitmqadmin connects to, and how it prints. */
export interface AdminOptions {
  readonly host: string
  readonly port: number
  readonly pathPrefix: string
  /** Null for all vhosts in lists, and `/` otherwise. */
  readonly vhost: string | null
  readonly username: string
  readonly password: string
  /** Null without TLS. */
  readonly tls: ClientTls | null
  readonly isQuiet: boolean
  readonly format: string
  readonly sort: string | null
  readonly isReversed: boolean
  readonly depth: number
  readonly wantsHelp: boolean
  readonly wantsVersion: boolean
}

/** Options as they are written: the long name, the letter, and what they hold when they take a value. */
export const OPTIONS: readonly AdminOption[] = [
  option('help', 'h', null, 'show this help message and exit'),
  option('config', 'c', '', 'configuration file [default: ~/.rabbitmqadmin.conf]'),
  option('node', 'N', 'default', 'node described in the configuration file'),
  option('host', 'H', 'localhost', 'connect to host HOST'),
  option('port', 'P', '15672', 'connect to port PORT'),
  option('path-prefix', null, '', 'path before that of the RabbitMQ HTTP API'),
  option(
    'vhost',
    'V',
    '',
    "connect to vhost VHOST [default: all vhosts for list, '/' for declare]",
  ),
  option('username', 'u', 'guest', 'connect using username USERNAME'),
  option('password', 'p', 'guest', 'connect using password PASSWORD'),
  option('base-uri', 'U', '', 'connect using a base HTTP API URI'),
  option('quiet', 'q', null, 'suppress status messages'),
  option('ssl', 's', null, 'connect with ssl'),
  option('ssl-key-file', null, '', 'PEM format key file for SSL'),
  option('ssl-cert-file', null, '', 'PEM format certificate file for SSL'),
  option('ssl-ca-cert-file', null, '', 'PEM format CA certificate file for SSL'),
  option('ssl-disable-hostname-verification', null, null, 'disables peer hostname verification'),
  option('ssl-insecure', 'k', null, 'disables all SSL validations'),
  option('request-timeout', 't', '120', 'HTTP request timeout in seconds'),
  option('format', 'f', 'table', 'one of raw_json, long, pretty_json, kvp, tsv, table, bash'),
  option('sort', 'S', '', 'sort key for listing queues'),
  option('sort-reverse', 'R', null, 'reverse the sort order'),
  option('depth', 'd', '1', 'maximum depth to recurse for listing tables'),
  option('bash-completion', null, null, 'print bash completion script'),
  option('version', null, null, 'display version and exit'),
]

export interface AdminOption {
  readonly name: string
  readonly letter: string | null
  /** What it holds without being given; null for one that takes no value. */
  readonly otherwise: string | null
  readonly help: string
}

function option(
  name: string,
  letter: string | null,
  otherwise: string | null,
  help: string,
): AdminOption {
  return { name, letter, otherwise, help }
}

/** Takes a command line apart. Throws an AdminError for an option that there is not. */
export function readOptions(words: readonly string[]): {
  readonly options: AdminOptions
  readonly args: readonly string[]
} {
  const args: string[] = []
  const given = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') {
      args.push(word)
      continue
    }
    const { option: found, value } = optionIn(word)
    if (found === undefined) throw new AdminError(`no such option: ${word}`, true)
    if (found.otherwise === null) given.set(found.name, 'true')
    else {
      const text = value ?? words[++at]
      if (text === undefined) throw new AdminError(`${word} option requires 1 argument`, true)
      given.set(found.name, text)
    }
  }
  return { options: settled(given), args }
}

function optionIn(word: string): { option: AdminOption | undefined; value: string | null } {
  if (word.startsWith('--')) {
    const [, name = '', value = null] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    return { option: OPTIONS.find((one) => one.name === name), value }
  }
  const found = OPTIONS.find(({ letter }) => letter === word.charAt(1))
  return { option: found, value: word.length > 2 ? word.slice(2) : null }
}

function tlsOf(text: (name: string) => string, isOn: (name: string) => boolean): ClientTls {
  const [ca, cert, key] = [text('ssl-ca-cert-file'), text('ssl-cert-file'), text('ssl-key-file')]
  return {
    isUnchecked: isOn('ssl-insecure'),
    isAnyHost: isOn('ssl-disable-hostname-verification'),
    ...(ca === '' ? {} : { ca }),
    ...(cert === '' ? {} : { cert }),
    ...(key === '' ? {} : { key }),
  }
}

function settled(given: ReadonlyMap<string, string>): AdminOptions {
  const file = fileSettings(given)
  const text = (name: string) =>
    given.get(name) ?? file.get(name) ?? OPTIONS.find((one) => one.name === name)?.otherwise ?? ''
  const isOn = (name: string) => ['true', 'True', '1'].includes(text(name))
  const base = text('base-uri')
  const url = base === '' ? null : new URL(base)
  const isTls = url === null ? isOn('ssl') : url.protocol === 'https:'
  return {
    host: url?.hostname ?? text('host'),
    port: Number(url === null ? text('port') : url.port || (isTls ? 443 : 80)),
    pathPrefix: text('path-prefix'),
    vhost: text('vhost') === '' ? null : text('vhost'),
    username: text('username'),
    password: text('password'),
    tls: isTls ? tlsOf(text, isOn) : null,
    isQuiet: isOn('quiet'),
    format: text('format'),
    sort: text('sort') || null,
    isReversed: isOn('sort-reverse'),
    depth: Number(text('depth')),
    wantsHelp: isOn('help'),
    wantsVersion: isOn('version'),
  }
}

/** What a configuration file says of a node: sections in brackets, `name = value`. */
function fileSettings(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const path = given.get('config')
  const text = readIfThere(path ?? join(homedir(), '.rabbitmqadmin.conf'))
  if (text === null) {
    if (path !== undefined) throw new AdminError(`Could not read config file: ${path}`, false)
    return new Map()
  }
  const settings = new Map<string, string>()
  const node = given.get('node') ?? 'default'
  let section = ''
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, title] = /^\[(.*)\]$/.exec(line) ?? []
    if (title !== undefined) section = title
    const [, name, value = ''] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (name === undefined || section !== node) continue
    const key = name.replaceAll('_', '-')
    settings.set(key === 'hostname' ? 'host' : key, value)
  }
  return settings
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
