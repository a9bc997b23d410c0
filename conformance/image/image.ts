import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Instruction,
  isSent,
  readCommand,
  readCopy,
  readDockerfile,
  readHealthCheck,
  readPair,
  type Stage,
} from './dockerfile.ts'

const run = promisify(execFile)

/** What a Dockerfile makes: a directory with the file system, and what containers of it begin with. */
export interface Image {
  readonly root: string
  readonly env: ReadonlyMap<string, string>
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthCheck: readonly string[] | null
  readonly ports: readonly string[]
  readonly user: string
  readonly workdir: string
}

/** Makes the image that a `FROM` names in a directory. */
export type BaseImage = (name: string, root: string) => Promise<Image>

/** An image of files alone. */
export function bareImage(root: string): Image {
  return {
    root,
    env: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
    entrypoint: [],
    command: ['/bin/sh'],
    healthCheck: null,
    ports: [],
    user: 'root',
    workdir: '/',
  }
}

/** Follows the Dockerfile of a directory, step by step as Docker would, its RUN lines in a chroot. Root alone can. */
export async function buildImage(
  context: string,
  directory: string,
  baseImage: BaseImage,
): Promise<Image> {
  const dockerignore = join(context, '.dockerignore')
  const ignored = existsSync(dockerignore) ? await readFile(dockerignore, 'utf8') : ''
  const built = new Map<string, Image>()
  const stages = readDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'))
  let image: Image | null = null
  for (const [at, stage] of stages.entries()) {
    const root = await mkdtemp(join(directory, `stage-${at}-`))
    const base = await baseImage(stage.base, root)
    image = await new Building(context, ignored, built, base).follow(stage)
    if (stage.name !== null) built.set(stage.name, image)
  }
  if (image === null) throw new Error(`no FROM in ${context}/Dockerfile`)
  for (const { root } of built.values()) {
    if (root !== image.root) await rm(root, { recursive: true })
  }
  return image
}

class Building {
  private readonly context: string
  private readonly ignored: string
  private readonly built: ReadonlyMap<string, Image>
  private image: Image

  constructor(context: string, ignored: string, built: ReadonlyMap<string, Image>, base: Image) {
    this.context = context
    this.ignored = ignored
    this.built = built
    this.image = base
  }

  async follow({ instructions }: Stage): Promise<Image> {
    for (const instruction of instructions) await this.step(instruction)
    return this.image
  }

  private async step({ keyword, text }: Instruction): Promise<void> {
    switch (keyword) {
      case 'RUN':
        return runIn(this.image, text)
      case 'COPY':
        return this.copy(text)
      case 'WORKDIR':
        await mkdir(join(this.image.root, text), { recursive: true })
        return this.set({ workdir: text })
      case 'ENV':
        return this.set({ env: new Map([...this.image.env, readPair(text)]) })
      case 'ENTRYPOINT': // as in Docker, it drops the CMD of what it is built on
        return this.set({ entrypoint: readCommand(text), command: [] })
      case 'CMD':
        return this.set({ command: readCommand(text) })
      case 'HEALTHCHECK':
        return this.set({ healthCheck: readHealthCheck(text) })
      case 'EXPOSE':
        return this.set({ ports: [...this.image.ports, ...text.split(/\s+/)] })
      case 'USER':
        return this.set({ user: text })
      case 'LABEL':
      case 'VOLUME': // what lies there stays as it is
        return
      default:
        throw new Error(`${keyword} is not understood`)
    }
  }

  private set(part: Partial<Image>): void {
    this.image = { ...this.image, ...part }
  }

  private async copy(text: string): Promise<void> {
    const { from, sources, destination } = readCopy(text)
    const target = join(this.image.root, this.inWorkdir(destination))
    for (const source of sources) {
      const path = from === null ? this.sent(source) : this.fromStage(from, source)
      const isDirectory = (await stat(path)).isDirectory()
      const into = !isDirectory && /(^|\/)\.?\/?$/.test(destination)
      await cp(path, into ? join(target, basename(source)) : target, {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
      })
    }
  }

  private inWorkdir(path: string): string {
    return path.startsWith('/') ? path : join(this.image.workdir, path)
  }

  private sent(source: string): string {
    if (!isSent(this.ignored, source)) throw new Error(`.dockerignore keeps ${source} back`)
    return join(this.context, source)
  }

  private fromStage(name: string, source: string): string {
    const stage = this.built.get(name)
    if (stage === undefined) throw new Error(`no stage ${name}`)
    return join(stage.root, source)
  }
}

/** With the network, names and npm settings of this machine; nothing of them stays. */
async function runIn({ root, env, workdir }: Image, text: string): Promise<void> {
  const variables = [...env].map(([name, value]) => `${name}=${value}`)
  const script = join(import.meta.dirname, 'build-step.sh')
  const args = ['--mount', '--', script, root, workdir, ...variables, '/bin/sh', '-c', text]
  try {
    await run('unshare', args, { maxBuffer: 1 << 26 })
  } catch (error) {
    throw new Error(`RUN ${text}`, { cause: error })
  }
}
