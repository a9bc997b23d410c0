import type { CommandCall } from './command.ts'
import { EXIT, refused } from './failure.ts'

/** A password that is not among the arguments: the first line of the standard input. */
export async function secret({ say, read }: CommandCall): Promise<string> {
  say('Password: ')
  const line = await read('line')
  if (line === '') throw refused('Password is not provided via argument or stdin', EXIT.data)
  return line
}
