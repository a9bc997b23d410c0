import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects everything that nothing refers to any more. */
export async function collectGarbage(): Promise<void> {
  // what is weakly referred to stays until the turn is over in which it was made or looked at
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
}

const collect = collector()

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  if (typeof found !== 'function') throw new Error('the garbage collector cannot be called')
  return () => found()
}
