import { INERT_VARIABLES, inertUnder } from './inert.ts'
import { nearest } from './nearest.ts'
import { OPTIONS } from './options.ts'

/** What to say of variables that are no option: those without effect, and those that look like a slip of the pen. */
export function variableWarnings(env: {
  readonly [name: string]: string | undefined
}): readonly string[] {
  return Object.keys(env).flatMap((name) => {
    if (!env[name] || !/^(RABBITMQ|LEVERET)_/.test(name) || isKnown(name)) return []
    const inert = inertUnder(name, INERT_VARIABLES)
    if (inert !== undefined) {
      return inert.isHarmless ? [] : [`${name} has no effect: ${inert.reason}`]
    }
    const meant = nearestVariable(name)
    if (meant !== null) return [`unknown variable ${name}, did you mean ${meant}?`]
    // other people's names may begin so too: Docker and Kubernetes make some of the names of services
    return name.startsWith('LEVERET_') ? [`unknown variable ${name}`] : []
  })
}

/** Every variable that means something. */
export const KNOWN_VARIABLES: readonly string[] = [
  ...Object.values(OPTIONS).flatMap(({ env, otherEnvs = [], hasFile = false }) =>
    hasFile ? [env, ...otherEnvs, `${env}_FILE`] : [env, ...otherEnvs],
  ),
  'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS',
]

function isKnown(name: string): boolean {
  return KNOWN_VARIABLES.includes(name)
}

/** Compared without the prefix, which says nothing. */
function nearestVariable(name: string): string | null {
  const prefix = name.slice(0, name.indexOf('_') + 1)
  const known = KNOWN_VARIABLES.filter((other) => other.startsWith(prefix))
  const words = known.map((other) => other.slice(prefix.length))
  const found = nearest(name.slice(prefix.length), words)
  return found === null ? null : `${prefix}${found}`
}
