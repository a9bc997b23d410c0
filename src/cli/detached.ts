import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Starts the command again with these flags, in a process that outlives this one and its terminal and writes to neither.
 * Whoever needs the broker waits for it with `rabbitmqctl await_startup`.
 */
export async function startDetached(args: readonly string[]): Promise<void> {
  const [, entry = ''] = process.argv
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    detached: true,
    stdio: 'ignore',
  })
  await once(child, 'spawn')
  child.unref()
}
