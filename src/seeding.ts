import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Administration } from './administration.ts'
import { BrokerError, type BrokerOptions } from './broker-options.ts'
import { isJsonObject } from './common/json.ts'
import { type Defaults, Definitions } from './definitions.ts'
import { DefinitionsError } from './management/definitions/definitions-error.ts'
import { importDefinitions } from './management/definitions/import.ts'
import type { Services } from './protocol/services.ts'

/** What a broker has beside what it has kept: the definitions that it is told to import, and what every new one has. */
export interface Seeds {
  readonly definitions: string | undefined
  readonly defaults: Defaults
}

/** What the options say, completed: guest may do anything in `/`. */
export function seedsOf({ definitions, defaults = {} }: BrokerOptions): Seeds {
  const all = { configure: '.*', write: '.*', read: '.*' }
  const { user = 'guest', password = 'guest', vhost = '/' } = defaults
  const { tags = ['administrator'], permissions = all } = defaults
  return { definitions, defaults: { user, password, vhost, tags, permissions } }
}

/**
 * Imports the definitions, and gives a new broker its first vhost and user, as RabbitMQ does: not when there are definitions
 * to import. Other than RabbitMQ it does so even then when they have no user, with whom somebody could log in. Rejects with a
 * BrokerError for definitions that cannot be imported.
 */
export async function seed(
  services: Services,
  administration: Administration,
  isNew: boolean,
  { definitions: path, defaults }: Seeds,
): Promise<void> {
  const { log, settings } = services
  const definitions = new Definitions(services)
  if (path === undefined) {
    if (isNew) definitions.addDefaults(defaults)
    return
  }
  const files = definitionFiles(path)
  const hasUsers = files.some(({ json }) => isJsonObject(json) && hasItems(json.users))
  if (isNew && hasUsers) {
    log.info('Will not seed default virtual host and user: have definitions to load...')
  } else if (isNew) definitions.addDefaults(defaults)
  const { nodeName, compat } = settings
  for (const { path: file, json } of files) {
    log.info(`Applying definitions from file at '${file}'`)
    try {
      const version = compat.version
      await importDefinitions({ ...services, administration, nodeName, version }, json)
    } catch (error) {
      if (!(error instanceof DefinitionsError)) throw error
      throw invalid(file, error)
    }
  }
}

interface DefinitionFile {
  readonly path: string
  readonly json: unknown
}

/** A directory stands for its JSON files, in the order of their names. */
function definitionFiles(path: string): readonly DefinitionFile[] {
  try {
    if (!statSync(path).isDirectory()) return [readDefinitions(path)]
    const names = readdirSync(path).filter((name) => name.endsWith('.json'))
    return names.sort().map((name) => readDefinitions(join(path, name)))
  } catch (error) {
    if (error instanceof BrokerError || !(error instanceof Error)) throw error
    throw invalid(path, error)
  }
}

function readDefinitions(path: string): DefinitionFile {
  try {
    return { path, json: JSON.parse(readFileSync(path, 'utf8')) }
  } catch (error) {
    throw invalid(path, error)
  }
}

function hasItems(json: unknown): boolean {
  return Array.isArray(json) && json.length > 0
}

function invalid(path: string, error: unknown): BrokerError {
  const reason = error instanceof Error ? error.message : String(error)
  const message = `cannot import the definitions in ${path}: ${reason}`
  return new BrokerError('DEFINITIONS_INVALID', message, { cause: error })
}
