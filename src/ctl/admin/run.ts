import { readFileSync, writeFileSync } from 'node:fs'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import type { Surroundings } from '../run.ts'
import { type Action, CLOSABLE, DECLARABLE, DELETABLE, GET, PUBLISH, PURGABLE } from './actions.ts'
import { AdminClient } from './admin-client.ts'
import { AdminError } from './admin-error.ts'
import { drawnGrid, gridOf } from './grid.ts'
import { CONFIG_HELP, optionsHelp, subcommandsHelp } from './help.ts'
import { LISTINGS, OVERVIEW_COLUMNS } from './listings.ts'
import { type AdminOptions, readOptions } from './options.ts'
import { isVersion2, runAdminV2 } from './v2/run.ts'

/**
 * Runs one command line of rabbitmqadmin, of its version 1 in Python or its version 2; resolves with the exit status. What both
 * understand is answered as by version 1.
 */
export async function runAdmin(words: readonly string[], around: Surroundings): Promise<number> {
  if (isVersion2(words)) return runAdminV2(words, around)
  try {
    const { options, args } = readOptions(words)
    around.out(await printed(options, args, around))
    return 0
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    around.err(
      error.isUsage
        ? `\nERROR: ${error.message}\n\nrabbitmqadmin --help for help\n\n`
        : `*** ${error.message}\n`,
    )
    return 1
  }
}

async function printed(
  options: AdminOptions,
  args: readonly string[],
  around: Surroundings,
): Promise<string> {
  if (options.wantsHelp) return optionsHelp()
  if (options.wantsVersion) return 'rabbitmqadmin 3.10.8\n'
  const [word, ...rest] = args
  if (word === undefined) throw new AdminError('Action not specified', true)
  const command = COMMANDS.get(word)
  if (command === undefined) throw new AdminError(`Action ${word} not understood`, true)
  return command(new AdminClient(options), options, rest, around)
}

type AdminCommand = (
  client: AdminClient,
  options: AdminOptions,
  args: readonly string[],
  around: Surroundings,
) => Promise<string>

const COMMANDS: ReadonlyMap<string, AdminCommand> = new Map([
  ['list', list],
  ['show', show],
  ['declare', doing('declare', 'declared', DECLARABLE)],
  ['delete', doing('delete', 'deleted', DELETABLE)],
  ['close', doing('close', 'closed', CLOSABLE)],
  ['purge', doing('purge', 'purged', PURGABLE)],
  ['publish', publish],
  ['get', fetchMessages],
  ['export', exportDefinitions],
  ['import', importDefinitions],
  ['help', help],
])

async function help(_client: AdminClient, _options: AdminOptions, [topic]: readonly string[]) {
  if (topic === 'subcommands') return subcommandsHelp()
  if (topic === 'config') return CONFIG_HELP
  throw new AdminError(`help topic was: ${topic ?? ''}, which is none`, true)
}

async function list(
  client: AdminClient,
  options: AdminOptions,
  [what = '', ...asked]: readonly string[],
): Promise<string> {
  const listing = LISTINGS.find((one) => one.what === what)
  if (listing === undefined) throw new AdminError(`Don't know how to list ${what}`, true)
  const columns = asked.length > 0 ? asked : listing.columns
  const query = new URLSearchParams()
  if (columns !== null) query.set('columns', columns.join(','))
  if (options.sort !== null) query.set('sort', options.sort)
  if (options.isReversed) query.set('sort_reverse', 'true')
  const vhost = listing.hasVhost === true && options.vhost !== null ? options.vhost : null
  const where = `${listing.path ?? `/${what}`}${vhost === null ? '' : `/${encodeURIComponent(vhost)}`}`
  const search = decodeURIComponent(query.toString())
  const text = await client.ask('GET', search === '' ? where : `${where}?${search}`)
  return shown(text, columns, options, listing.json ?? [])
}

async function show(
  client: AdminClient,
  options: AdminOptions,
  [what = '', ...asked]: readonly string[],
): Promise<string> {
  if (what !== 'overview') throw new AdminError(`Don't know how to show ${what}`, true)
  const text = await client.ask('GET', '/overview')
  return shown(`[${text}]`, asked.length > 0 ? asked : OVERVIEW_COLUMNS, options, [])
}

/** A list of objects as the options want to see it. */
function shown(
  text: string,
  columns: readonly string[] | null,
  { format, depth }: AdminOptions,
  json: readonly string[],
): string {
  if (format === 'raw_json') return `${text}\n`
  const all: Json = JSON.parse(text)
  if (format === 'pretty_json') return `${JSON.stringify(all, null, 2)}\n`
  const items = isJsonList(all) ? all.filter(isJsonObject) : []
  if (items.length === 0) return 'No items\n'
  const drawn = drawnGrid(gridOf(items, columns, { depth, json }), format)
  if (drawn === null) throw new AdminError(`Format ${format} not recognised`, true)
  return drawn
}

function doing(word: string, done: string, actions: readonly Action[]): AdminCommand {
  return async (client, options, [what = '', ...args]) => {
    if (what === '') throw new AdminError(`Nothing to ${word} was named`, true)
    const action = actions.find((one) => one.what === what)
    if (action === undefined) throw new AdminError(`Don't know how to ${word} ${what}`, true)
    await perform(client, options, action, args)
    return options.isQuiet ? '' : `${what} ${done}\n`
  }
}

async function perform(
  client: AdminClient,
  options: AdminOptions,
  action: Action,
  args: readonly string[],
  more: JsonObject = {},
): Promise<string> {
  const given = argumentsIn(action, args)
  const names: JsonObject = {
    vhost: options.vhost ?? '/',
    destination_char: given.destination_type === 'exchange' ? 'e' : 'q',
    ...given,
  }
  const where = action.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(String(names[name] ?? '')),
  )
  const body = action.method === 'DELETE' ? undefined : bodyOf(action, { ...names, ...more })
  return client.ask(action.method, where, body)
}

function bodyOf(
  { what }: Action,
  { queue_type: type, arguments: args, ...fields }: JsonObject,
): JsonObject {
  if (what !== 'queue' || typeof type !== 'string') {
    return args === undefined ? fields : { ...fields, arguments: args }
  }
  return { ...fields, arguments: { ...(isJsonObject(args) ? args : {}), 'x-queue-type': type } }
}

/** `name=value` for each argument. Throws an AdminError for what is missing, unknown or no JSON. */
function argumentsIn(
  { mandatory, optional = {}, json = [] }: Action,
  args: readonly string[],
): JsonObject {
  const values: Record<string, Json> = {}
  for (const [name, value] of Object.entries(optional)) {
    if (value !== null) values[name] = json.includes(name) ? jsonIn(name, value) : value
  }
  const known = [...mandatory.flat(), ...Object.keys(optional)]
  for (const arg of args) {
    const at = arg.indexOf('=')
    if (at < 0) throw new AdminError(`Argument "${arg}" not in the name=value format`, true)
    const [name, value] = [arg.slice(0, at), arg.slice(at + 1)]
    if (!known.includes(name)) throw new AdminError(`Argument "${name}" not recognised`, true)
    values[name] = json.includes(name) ? jsonIn(name, value) : value
  }
  for (const needed of mandatory) {
    const names = typeof needed === 'string' ? [needed] : needed
    if (names.some((name) => values[name] !== undefined)) continue
    const which =
      names.length === 1
        ? `mandatory argument "${names[0]}" is`
        : `one of mandatory arguments "${names.join(', ')}" is`
    throw new AdminError(`${which} required`, true)
  }
  return values
}

function jsonIn(name: string, text: string): Json {
  try {
    const json: Json = JSON.parse(text)
    return json
  } catch (cause) {
    const error = new AdminError(`Could not parse JSON of "${name}": ${text}`, true)
    error.cause = cause
    throw error
  }
}

async function publish(
  client: AdminClient,
  options: AdminOptions,
  args: readonly string[],
  { input }: Surroundings,
) {
  const hasPayload = args.some((arg) => arg.startsWith('payload='))
  const more = hasPayload ? {} : { payload: await input('all') }
  const text = await perform(client, options, PUBLISH, args, more)
  const { routed }: { routed?: boolean } = JSON.parse(text)
  if (options.isQuiet) return ''
  return routed === true ? 'Message published\n' : 'Message published but NOT routed\n'
}

async function fetchMessages(client: AdminClient, options: AdminOptions, args: readonly string[]) {
  const text = await perform(client, options, GET, args)
  const [, file] =
    /^payload_file=(.*)$/s.exec(args.find((arg) => arg.startsWith('payload_file=')) ?? '') ?? []
  const messages: Json = JSON.parse(text)
  if (file === undefined || !isJsonList(messages)) return shown(text, null, options, [])
  const [message] = messages
  if (!isJsonObject(message)) return 'No items\n'
  const encoding = message.payload_encoding === 'base64' ? 'base64' : 'utf8'
  writeFileSync(file, Buffer.from(String(message.payload), encoding))
  return shown(JSON.stringify([{ ...message, payload: `(in ${file})` }]), null, options, [])
}

async function exportDefinitions(
  client: AdminClient,
  options: AdminOptions,
  [file]: readonly string[],
) {
  if (file === undefined) throw new AdminError('One argument is needed: a file', true)
  const where = options.vhost === null ? '' : `/${encodeURIComponent(options.vhost)}`
  writeFileSync(file, await client.ask('GET', `/definitions${where}`))
  return options.isQuiet ? '' : `Exported definitions for ${options.host} to "${file}"\n`
}

async function importDefinitions(
  client: AdminClient,
  options: AdminOptions,
  [file]: readonly string[],
) {
  if (file === undefined) throw new AdminError('One argument is needed: a file', true)
  const where = options.vhost === null ? '' : `/${encodeURIComponent(options.vhost)}`
  await client.ask(
    'POST',
    `/definitions${where}`,
    jsonIn('definitions', readFileSync(file, 'utf8')),
  )
  return options.isQuiet ? '' : `Uploaded definitions from "${file}" to ${options.host}\n`
}
