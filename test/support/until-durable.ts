import type { Durability } from '../../src/core/ports.ts'

/** Resolves when everything recorded so far, and since, is durable. */
export async function untilDurable(durability: Durability): Promise<void> {
  while (durability.durable < durability.recorded) {
    await new Promise<void>((resolve) => durability.whenDurable({ onDurable: () => resolve() }))
  }
}
