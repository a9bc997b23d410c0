import type { Durability } from './ports.ts'

/** Resolves when every change up to this position would survive losing power. */
export function untilDurable(durability: Durability, position: number): Promise<void> {
  return new Promise((resolve) => onceDurable(durability, position, resolve))
}

/** The same with a callback, which is called at once if it is so already. */
export function onceDurable(durability: Durability, position: number, action: () => void): void {
  const waiter = {
    onDurable(durable: number) {
      if (durable >= position) action()
      else durability.whenDurable(waiter)
    },
  }
  waiter.onDurable(durability.durable)
}
