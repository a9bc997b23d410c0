import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual } from 'node:util'

/** A scenario, or the part of one that runs in a process of its own. */
export type Role = (url: string, name: string) => Promise<void>

/**
 * What a Node.js program of the matrix does: takes SCENARIO URL NAME from the command line, plays
 * that scenario, and ends with exit code 1 and a last line on stderr if anything goes wrong.
 */
export async function runProgram(roles: Readonly<Record<string, Role>>): Promise<void> {
  process.on('uncaughtException', fail)
  const [role = '', url = '', name = ''] = process.argv.slice(2)
  const play = roles[role]
  if (play === undefined) fail(`no scenario ${role}`)
  await play(url, name)
}

/** Ends the program unless the values are deeply equal. */
export function expect(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  fail(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`)
}

/** Starts this program once more, in another role; gives its lines of output as they come. */
export function startRole(role: string, url: string, name: string) {
  const program = [...process.execArgv, process.argv[1]!, role, url, name]
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
}

/** Kills a process and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** A promise to be settled from outside. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  return { promise, resolve, reject }
}

function fail(reason: unknown): never {
  console.error(String(reason))
  process.exit(1)
}
