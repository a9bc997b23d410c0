import { readdir } from 'node:fs/promises'
import type { Area } from './case.ts'

/** Every file in cases/ is an area. */
export async function loadAreas(): Promise<Area[]> {
  const folder = new URL('../cases/', import.meta.url)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
  const areas: Area[] = []
  for (const file of files) {
    const loaded: { area: Area } = await import(new URL(file, folder).href)
    areas.push(loaded.area)
  }
  const names = areas.flatMap(({ name, cases }) => cases.map((item) => `${name}: ${item.name}`))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`two cases are called "${twice}"`)
  return areas
}
