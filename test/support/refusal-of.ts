import { Refusal } from '../../src/core/refusal.ts'

/** How an action is refused: the kind and the text as one line; null when it is not refused. */
export function refusalOf(action: () => unknown): string | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof Refusal) return `${error.kind}: ${error.message}`
    throw error
  }
}
