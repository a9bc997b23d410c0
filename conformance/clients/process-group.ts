import { type ChildProcess, spawn } from 'node:child_process'

/** What a program left behind: how it ended and what it wrote. */
export interface Outcome {
  /** Exit code, or null if a signal ended the program. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly timeoutMs: number
  readonly env?: NodeJS.ProcessEnv
}

const running = new Set<ChildProcess>()

/**
 * Runs a command to its end, or to the end of its time.
 *
 * The command leads a process group of its own, and the whole group is killed when the command
 * ends, so that a worker which its parent forgot does not stay behind.
 *
 * @throws Error if the command cannot be started
 */
export function runInGroup(command: readonly string[], options: RunOptions): Promise<Outcome> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('empty command')
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let stdout = ''
    let stderr = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child)
    }, options.timeoutMs)

    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('exit', () => killGroup(child))
    child.on('error', (error) => {
      clearTimeout(timer)
      running.delete(child)
      reject(error)
    })
    // Comes after 'exit', once nobody holds the pipes any more: by then the group is gone.
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ exitCode, timedOut, stdout, stderr })
    })
  })
}

/** Kills every group that still runs: for the case that the matrix itself is interrupted. */
export function killAllGroups(): void {
  for (const child of running) killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // No such process: the group has ended by itself, which is the usual case.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
