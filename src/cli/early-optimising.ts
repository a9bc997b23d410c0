import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 optimise code after a third of the bytes of bytecode that it waits for by itself: a broker runs the same few functions
 * from its first message on, and until they are optimised they take several times as long (scenario g of `npm run bench`).
 */
export function optimiseEarly(): void {
  setFlagsFromString('--interrupt-budget=20000')
}
