import { type FieldValue, integerOf, textOf } from '../../common/table.ts'
import type { Binding } from '../binding.ts'
import type { Message } from '../message.ts'
import type { Destinations } from './destinations.ts'
import type { Router } from './exchange.ts'

/**
 * `x-delayed-message`: holds a message back for the milliseconds in its header `x-delay`, then routes it as the type
 * in `x-delayed-type` does (delayed message plug-in).
 */
export class DelayedRouter implements Router {
  readonly isByKeyOnly = false
  private readonly inner: Router

  constructor(inner: Router) {
    this.inner = inner
  }

  validate(binding: Binding): void {
    this.inner.validate(binding)
  }

  add(binding: Binding): void {
    this.inner.add(binding)
  }

  remove(binding: Binding): void {
    this.inner.remove(binding)
  }

  route(message: Message, found: Destinations): void {
    this.inner.route(message, found)
  }

  replay(): readonly Message[] {
    return this.inner.replay?.() ?? []
  }

  /** Out of bounds counts as no delay. The sign of a delay that is over has been changed. */
  delayOf(message: Message): number {
    const delayMs = numberIn(message.headers.get('x-delay'))
    return delayMs > 0 && delayMs <= MAX_DELAY_MS ? delayMs : 0
  }
}

const MAX_DELAY_MS = 2 ** 32 - 1

/** Numbers in text and fractions are taken too. */
function numberIn(field: FieldValue | undefined): number {
  if (field?.type === 'float' || field?.type === 'double') return Math.trunc(field.value)
  const text = textOf(field)
  if (text !== null) return /^-?\d+$/.test(text) ? Number(text) : 0
  return integerOf(field) ?? 0
}
