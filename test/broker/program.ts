import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { Command, type Ending } from '../cli/command.ts'

/** Runs a program of `programs/` in a process of its own, until it exits by itself. */
export async function runProgram(
  name: string,
  nodeArgs: readonly string[] = [],
  args: readonly string[] = [],
): Promise<Ending> {
  const path = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))
  const command = new Command(args, { entry: [...nodeArgs, '--import', 'tsx', path] })
  onTestFinished(() => command.end())
  return await command.ending()
}
