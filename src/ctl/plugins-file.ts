import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Input } from './command.ts'
import { EXIT, refused } from './failure.ts'
import { DEFAULT_PLUGINS } from './plugin-catalogue.ts'

/** Where the list of plug-ins lies. */
export function pluginsFile({ env }: Pick<Input, 'env'>): string {
  return env.RABBITMQ_ENABLED_PLUGINS_FILE || '/etc/rabbitmq/enabled_plugins'
}

/** The plug-ins in the list; what RabbitMQ's image has where there is no list. */
export function enabledPlugins(input: Pick<Input, 'env'>): readonly string[] {
  let text: string
  try {
    text = readFileSync(pluginsFile(input), 'utf8')
  } catch {
    return DEFAULT_PLUGINS
  }
  const [, list = ''] = /\[([^\]]*)\]/.exec(text.replaceAll(/%.*/g, '')) ?? []
  const names = list.split(',').map((name) => name.trim().replaceAll("'", ''))
  return names.filter((name) => name !== '')
}

/** Throws a Failure when the list cannot be written. */
export function writePlugins(input: Pick<Input, 'env'>, names: readonly string[]): void {
  const file = pluginsFile(input)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `[${names.join(',')}].\n`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw refused(`cannot write the list of plug-ins: ${reason}`, EXIT.unavailable)
  }
}
