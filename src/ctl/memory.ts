import { isJsonObject, type JsonObject } from '../common/json.ts'
import { path } from './broker-client.ts'
import type { CommandCall } from './command.ts'

/** Bytes by what they are used for. */
export async function memoryOf({ broker, nodeName }: CommandCall): Promise<JsonObject> {
  const { memory } = await broker.object(`/nodes${path(nodeName)}/memory`)
  return isJsonObject(memory) ? memory : {}
}

/** Each part with its share in percent. */
export function breakdown(memory: JsonObject): JsonObject {
  const total = Number(isJsonObject(memory.total) ? memory.total.rss : 0)
  const parts = Object.entries(memory).filter(([, bytes]) => typeof bytes === 'number')
  return Object.fromEntries(
    parts.map(([name, bytes]) => {
      const percentage = Math.round((Number(bytes) / total) * 10_000) / 100
      return [name, { bytes, percentage }]
    }),
  )
}

/** What memory is used for, the largest part first: `code: 0.0235 gb (17.96 %)`. */
export function memoryLines(
  memory: JsonObject,
  unit: string,
  digits: number,
  gap: string,
): readonly string[] {
  const total = Number(isJsonObject(memory.total) ? memory.total.rss : 0)
  const parts = Object.entries(memory).filter((part): part is [string, number] => {
    return typeof part[1] === 'number'
  })
  parts.sort(([, a], [, b]) => b - a)
  const power = ['b', 'kb', 'mb', 'gb', 'tb'].indexOf(unit.toLowerCase())
  return parts.map(([name, bytes]) => {
    const value = rounded(bytes / 1000 ** Math.max(power, 0), digits)
    const share = rounded(total === 0 ? 0 : (bytes / total) * 100, 2)
    return `${name}: ${value} ${unit} (${share}${gap}%)`
  })
}

/** Without needless zeros, but never without a point. */
function rounded(value: number, digits: number): string {
  const number = Number(value.toFixed(digits))
  return Number.isInteger(number) ? number.toFixed(1) : String(number)
}
