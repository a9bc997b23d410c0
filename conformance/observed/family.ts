import type { ErrorObservation } from './observation.ts'
import type { Scenario } from './scene.ts'

/** Observations of one kind, and how each is provoked. */
export type Family = {
  readonly name: string
  /** The cases that are written by hand. */
  readonly cases: readonly string[]
  /** Gives the scenario of an observation, or null where it belongs to another family. */
  provoke(observation: ErrorObservation): Scenario | null
}

/** A family of hand-written scenarios, by the name of the case. */
export function byCase(name: string, scenarios: Readonly<Record<string, Scenario>>): Family {
  return {
    name,
    cases: Object.keys(scenarios),
    provoke: (observation) => scenarios[observation.case] ?? null,
  }
}

/** A family whose requests or case names all have one form. */
export function byForm(
  name: string,
  of: 'case' | 'request',
  form: RegExp,
  provoke: (parts: readonly string[], observation: ErrorObservation) => Scenario,
): Family {
  return {
    name,
    cases: [],
    provoke: (observation) => {
      const parts = form.exec(observation[of])
      return parts === null
        ? null
        : provoke(
            parts.slice(1).map((part) => part ?? ''),
            observation,
          )
    },
  }
}
