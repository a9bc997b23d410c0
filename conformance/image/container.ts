import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { Image } from './image.ts'
import type { Mount, Service } from './service.ts'

/** How a command went. */
export interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

/** Processes in namespaces of their own with an image as their file system: what Docker does, as far as tests see it. */
export class Container {
  readonly lines: string[] = []
  readonly startedMs: number
  private readonly child: ChildProcessByStdio<null, Readable, Readable>
  private readonly ended: Promise<unknown>
  private readonly service: Service
  private readonly env: readonly string[]
  private readonly image: Image
  private isEnded = false

  /** `directory` takes what the container writes, `volumes` its named volumes. */
  constructor(image: Image, service: Service, directory: string, volumes: string) {
    this.image = image
    this.service = service
    this.env = [...image.env, ...service.env].map(([name, value]) => `${name}=${value}`)
    const mounts = join(directory, 'mounts')
    mkdirSync(directory, { recursive: true })
    writeFileSync(mounts, service.mounts.map(lineOf(volumes)).join(''))
    const script = join(import.meta.dirname, 'container.sh')
    const layer = join(directory, 'layer')
    this.startedMs = performance.now()
    this.child = spawn(
      'unshare',
      [...NAMESPACES, script, image.root, layer, service.hostname, mounts, ...this.words()],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, SYSCTLS: service.sysctls.join(' ') },
      },
    )
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface(stream).on('line', (line) => this.lines.push(line))
    }
    this.ended = once(this.child, 'close').then(() => {
      this.isEnded = true
    })
  }

  /** Runs a command inside, as `docker exec` does. */
  exec(command: readonly string[]): Promise<Outcome> {
    const inside = ['-m', '-u', '-i', '-n', '-p', '-r', '-w']
    const words = asUser(this.service.user ?? this.image.user)
    const env = ['/usr/bin/env', '-i', ...this.env]
    return this.enter([...inside, '--', ...words, ...env, ...command])
  }

  /** Runs a program of this machine that sees the container's network. */
  runBeside(command: readonly string[]): Promise<Outcome> {
    return this.enter(['-n', '--', ...command])
  }

  /** Asks again and again until `isSo`; throws when it is not within a minute, or the container has ended. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (performance.now() - this.startedMs < 60_000 && !this.isEnded) {
      if (await isSo()) return
      await setTimeout(POLL_MS)
    }
    throw new Error(`not ${what} in:\n${this.lines.join('\n')}`)
  }

  /** As `docker stop`; gives the exit code. */
  async stop(): Promise<number | null> {
    // without a process inside there is nobody yet to end, and nobody who would not be left behind
    while (!this.isEnded && this.initPid() === null) await setTimeout(POLL_MS)
    this.signal('SIGTERM')
    const timeout = new AbortController()
    const late = setTimeout(10_000, undefined, { signal: timeout.signal }).then(
      () => this.signal('SIGKILL'),
      () => {},
    )
    await this.ended
    timeout.abort()
    await late
    return this.child.exitCode
  }

  private signal(signal: NodeJS.Signals): void {
    const pid = this.initPid()
    if (pid !== null) process.kill(pid, signal)
  }

  private words(): readonly string[] {
    const { entrypoint, command, user } = this.service
    const first = entrypoint ?? this.image.entrypoint
    // as in compose, another entrypoint drops the image's command
    const rest = command ?? (entrypoint === null ? this.image.command : [])
    const env = ['/usr/bin/env', '-i', '-C', this.image.workdir, ...this.env]
    return [...asUser(user ?? this.image.user), ...env, ...first, ...rest]
  }

  private async enter(args: readonly string[]): Promise<Outcome> {
    const startMs = performance.now()
    const pid = this.initPid()
    if (pid === null) return { exitCode: null, stdout: '', stderr: 'not running', ms: 0 }
    const child = spawn('nsenter', ['-t', `${pid}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const [exitCode]: (number | null)[] = await once(child, 'close')
    return { exitCode: exitCode ?? null, stdout, stderr, ms: performance.now() - startMs }
  }

  /** The first process inside, as this machine numbers it. */
  private initPid(): number | null {
    const { pid } = this.child
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
      return children === '' ? null : Number(children.split(' ')[0])
    } catch {
      return null // it has ended
    }
  }
}

const NAMESPACES = [
  ...['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child'],
  '--',
]
const POLL_MS = 50

function asUser(user: string): readonly string[] {
  if (user === 'root') return []
  const [uid = '', gid = uid] = user.split(':')
  return ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--']
}

function lineOf(volumes: string) {
  return ({ kind, source, target }: Service['mounts'][number]) => {
    const path = target.startsWith('/run/secrets/')
      ? secretOf(source, volumes)
      : sourceOf(kind, source, volumes)
    return `${kind}|${path}|${target}\n`
  }
}

/** A directory that is not there is made, as Docker does; in a place of the tests, beside the volumes. */
function sourceOf(kind: Mount['kind'], source: string, volumes: string): string {
  if (kind === 'tmpfs' || (kind !== 'volume' && existsSync(source))) return source
  const path = join(volumes, basename(source))
  mkdirSync(path, { recursive: true })
  return path
}

/** A copy that root alone can read, as secrets often are: no file in a repository is. */
function secretOf(source: string, volumes: string): string {
  const path = join(volumes, `secret-${basename(source)}`)
  mkdirSync(volumes, { recursive: true })
  copyFileSync(source, path)
  chmodSync(path, 0o600)
  return path
}
