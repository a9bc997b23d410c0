import type { Table } from '../../support/field-table.ts'
import type { Arrival } from '../observation.ts'
import type { Scene } from '../scene.ts'
import { QUORUM } from '../steps.ts'
import { CYCLES } from './cycles.ts'
import { DEATHS } from './deaths.ts'
import { Letters } from './letters.ts'
import type { Topology } from './topology.ts'
import { MIXED_DEATHS, QUORUM_DEATHS } from './types.ts'

const OF_BOTH_TYPES = { ...DEATHS, ...CYCLES }

/** The texts of all topologies, without the type of the queue. */
export const TOPOLOGIES: readonly string[] = [OF_BOTH_TYPES, QUORUM_DEATHS, MIXED_DEATHS].flatMap(
  (topologies) => Object.keys(topologies),
)

/**
 * Gives what builds the topology of this text and the arrival that the text numbers (`... [2]`), or null where the
 * text is unknown.
 */
export function arrivalIn(text: string): ((t: Scene) => Promise<Arrival | null>) | null {
  const [, name = '', turn = '1'] = /^(.*?)(?: \[(\d)\])?$/.exec(text) ?? []
  const found = MIXED_DEATHS[name] ?? ofOneType(name)
  if (found === null) return null
  return async (t) => {
    const arrivals = await found.topology(await Letters.open(t, found.type))
    return arrivals[Number(turn) - 1] ?? null
  }
}

function ofOneType(name: string): { type: Table; topology: Topology } | null {
  const [, type = '', rest = ''] = /^(classic|quorum): (.*)$/.exec(name) ?? []
  const topology = OF_BOTH_TYPES[rest] ?? (type === 'quorum' ? QUORUM_DEATHS[rest] : undefined)
  return topology === undefined ? null : { type: type === 'quorum' ? QUORUM : [], topology }
}
