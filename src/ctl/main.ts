import { TOOLS } from './command.ts'
import { standardInput } from './standard-input.ts'

/**
 * Runs `leveret ctl TOOL ARGUMENTS`, and sets what the process exits with. Without the name of a tool the words are those of
 * rabbitmqctl.
 */
export async function control(words: readonly string[]): Promise<void> {
  const [first, ...rest] = words
  if (first === 'rabbitmqadmin') {
    const { runAdmin } = await import('./admin/run.ts')
    process.exitCode = await runAdmin(rest, SURROUNDINGS)
    return
  }
  const tool = TOOLS.find((name) => name === first)
  const { runTool } = await import('./run.ts')
  process.exitCode = await runTool(
    tool ?? 'rabbitmqctl',
    tool === undefined ? words : rest,
    SURROUNDINGS,
  )
}

const SURROUNDINGS = {
  env: process.env,
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  input: standardInput,
}
