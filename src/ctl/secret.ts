import type { CommandCall } from './command.ts'
import { EXIT, refused } from './failure.ts'

/** A password that is not among the arguments: the first line of the standard input. */
export async function secret({ say }: CommandCall): Promise<string> {
  say('Password: ')
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  const [line = ''] = text.split(/\r?\n/)
  if (line === '') throw refused('Password is not provided via argument or stdin', EXIT.data)
  return line
}
