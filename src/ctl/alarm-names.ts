import { isJsonList, type Json } from '../common/json.ts'

/** Alarms that are on, as sentences name them. */
export function alarmNames(alarms: Json | undefined, nodeName: string): readonly string[] {
  const names: readonly Json[] = isJsonList(alarms) ? alarms : []
  return names.map((alarm) => {
    const what = alarm === 'memory' ? 'Memory' : 'Free disk space'
    return `${what} alarm on node ${nodeName}`
  })
}
