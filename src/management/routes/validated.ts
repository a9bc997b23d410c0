import { Refusal } from '../../core/refusal.ts'
import { DefinitionsError } from '../definitions/definitions-error.ts'
import { badRequest } from '../http-error.ts'

/** Does what a policy, a parameter or a limit asks for, and tells of a mistake as RabbitMQ does. */
export function validated<T>(set: () => T): T {
  try {
    return set()
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof DefinitionsError)) throw error
    throw badRequest(`Validation failed\n\n${error.message}\n`)
  }
}
