import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** What a command printed, and what it ended with. */
export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** RabbitMQ's own command line tool for the HTTP API, which is a script of Python. */
export interface AdminTool {
  readonly path: string
  /** Runs it, with nothing of the user's configuration. */
  run(words: readonly string[], home: string, input?: string): Promise<Outcome>
}

/**
 * Debian's, where its package put it: as a command, or as the file that the management plug-in serves.
 * @throws Error that says how to get it.
 */
export function findAdminTool(): AdminTool {
  const { stdout } = spawnSync('dpkg', ['-L', 'rabbitmq-server'], { encoding: 'utf8' })
  const files = (stdout ?? '').split('\n').filter((file) => /\/rabbitmqadmin$/.test(file))
  const path = files.find((file) => existsSync(file) && isScript(file))
  if (path === undefined) {
    throw new Error(
      'rabbitmqadmin is not there: it comes with rabbitmq-server (apt-get install rabbitmq-server)',
    )
  }
  return { path, run: (words, home, input = '') => run([path, ...words], home, input) }
}

function isScript(path: string): boolean {
  return /^#!.*python3/.test(readFileSync(path, 'utf8').slice(0, 100))
}

function run(words: readonly string[], home: string, input: string): Promise<Outcome> {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, COLUMNS: '80' }
  const child = spawn('python3', words, { env, cwd: home })
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk))
  child.stdin.on('error', () => {}) // it may end without reading
  child.stdin.end(input)
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const [stdout, stderr] = [text(output.stdout), text(output.stderr)]
      resolve({ stdout, stderr, exitCode: code ?? -1 })
    })
  })
}
