import { type AdminOptions, readOptions } from '../options.ts'
import { wrongUsage } from './admin-failure.ts'

/** A command line of version 2, taken apart. */
export interface AdminCommandLine {
  readonly options: AdminOptions
  /** Group and verb. */
  readonly words: readonly string[]
  /** Options of the command by their long names. */
  readonly values: ReadonlyMap<string, string>
  readonly style: string
  readonly isNonInteractive: boolean
  readonly wantsHelp: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** Options that say where to connect to, and what version 1 calls them. */
const CONNECTING = new Map([
  ['host', 'host'],
  ['port', 'port'],
  ['base-uri', 'base-uri'],
  ['path-prefix', 'path-prefix'],
  ['vhost', 'vhost'],
  ['username', 'username'],
  ['password', 'password'],
  ['config', 'config'],
  ['node-alias', 'node'],
  ['tls-ca-cert-file', 'ssl-ca-cert-file'],
  ['tls-cert-file', 'ssl-cert-file'],
  ['tls-key-file', 'ssl-key-file'],
  ['timeout', 'request-timeout'],
])
const CONNECTING_SWITCHES = new Map([
  ['tls', 'ssl'],
  ['use-tls', 'ssl'],
  ['insecure', 'ssl-insecure'],
  ['quiet', 'quiet'],
])
const OWN_SWITCHES = ['idempotently', 'stdout', 'stdin']
const GENERAL_SWITCHES = ['non-interactive', 'verbose', 'help']
const OWN_AS_WELL = ['password', 'username', 'port']
const LETTERS = new Map([
  ['H', 'host'],
  ['P', 'port'],
  ['U', 'base-uri'],
  ['V', 'vhost'],
  ['u', 'username'],
  ['p', 'password'],
  ['c', 'config'],
  ['N', 'node-alias'],
  ['k', 'insecure'],
  ['q', 'quiet'],
  ['h', 'help'],
])
const FROM_ENVIRONMENT = [
  ['host', 'RABBITMQADMIN_TARGET_HOST'],
  ['port', 'RABBITMQADMIN_TARGET_PORT'],
  ['vhost', 'RABBITMQADMIN_TARGET_VHOST'],
  ['username', 'RABBITMQADMIN_USERNAME'],
  ['password', 'RABBITMQADMIN_PASSWORD'],
  ['table-style', 'RABBITMQADMIN_TABLE_STYLE'],
] as const

/** Throws an AdminFailure for an option without its value. */
export function readCommandLine(all: readonly string[], env: Environment): AdminCommandLine {
  const given = new Map<string, string>()
  for (const [name, variable] of FROM_ENVIRONMENT) {
    const value = env[variable]
    if (value) given.set(name, value)
  }
  const own = new Map<string, string>()
  const words: string[] = []
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? ''
    const { name, value } = optionIn(word)
    if (name === null) {
      words.push(word)
      continue
    }
    // behind the command they are its own: a user that is declared has a password too
    const isOwn = !isGeneral(name) || (words.length > 0 && OWN_AS_WELL.includes(name))
    const values = isOwn && word.startsWith('--') ? own : given
    if (isSwitch(name)) values.set(name, 'true')
    else {
      const text = value ?? all[++at]
      if (text === undefined) {
        throw wrongUsage(`a value is required for '--${name} <${name}>'`, '[OPTIONS] <COMMAND>')
      }
      values.set(name, text)
    }
  }
  const isNonInteractive =
    given.has('non-interactive') || env.RABBITMQADMIN_NON_INTERACTIVE_MODE === 'true'
  return {
    options: optionsOf(given),
    words,
    values: own,
    style: given.get('table-style') ?? 'modern',
    isNonInteractive,
    wantsHelp: given.has('help'),
  }
}

function optionIn(word: string): { name: string | null; value: string | null } {
  if (!word.startsWith('-') || word === '-') return { name: null, value: null }
  if (word.startsWith('--')) {
    const [, name = '', value = null] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    return { name, value }
  }
  const name = LETTERS.get(word.charAt(1)) ?? word.charAt(1)
  return { name, value: word.length > 2 ? word.slice(2).replace(/^=/, '') : null }
}

function isSwitch(name: string): boolean {
  return OWN_SWITCHES.includes(name) || isGeneralSwitch(name)
}

function isGeneralSwitch(name: string): boolean {
  return GENERAL_SWITCHES.includes(name) || CONNECTING_SWITCHES.has(name)
}

/** Whether an option is one of every command. */
function isGeneral(name: string): boolean {
  return isGeneralSwitch(name) || CONNECTING.has(name) || name === 'table-style'
}

function optionsOf(given: ReadonlyMap<string, string>): AdminOptions {
  const words = [...given].flatMap(([name, value]) => {
    const switched = CONNECTING_SWITCHES.get(name)
    if (switched !== undefined) return [`--${switched}`]
    const other = CONNECTING.get(name)
    return other === undefined ? [] : [`--${other}=${value}`]
  })
  return readOptions(words).options
}
