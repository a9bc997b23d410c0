import { isJsonList, type Json } from '../common/json.ts'
import type { CommandCall } from './command.ts'

/** The settings that a running broker has, in the form of an Erlang term. */
export async function environmentTerms({ broker }: CommandCall): Promise<string> {
  const settings = await broker.object('/control/settings')
  const entries = Object.entries(settings).map(([name, value]) => `{${name},${termOf(value)}}`)
  return `[{rabbit,\n     [${entries.join(',\n      ')}]}]`
}

function termOf(value: Json): string {
  if (isJsonList(value)) return `[${value.map(termOf).join(',')}]`
  if (typeof value === 'string') return `<<"${value}">>`
  return JSON.stringify(value)
}
