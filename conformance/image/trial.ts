import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { copyTree } from './base-system.ts'
import { canLogIn, GUEST, printed, probe } from './checks.ts'
import { Container } from './container.ts'
import { buildImage, type Image } from './image.ts'
import { readService, type Service } from './service.ts'
import type { Shape } from './shapes.ts'
import { TOOLS } from './tools.ts'
import type { Wait } from './waits.ts'

/** Containers of one image; what is tried throws, or gives what was measured. */
export class Trial {
  private readonly image: Image
  private readonly scratch: string
  private count = 0

  constructor(image: Image, scratch: string) {
    this.image = image
    this.scratch = scratch
  }

  async compose({ file, check }: Shape): Promise<string> {
    return this.withContainer(await serviceIn(file), async (container, image, service) => {
      const measured = await this.healthy(container, service.healthCheck ?? image.healthCheck)
      await check(container)
      return measured
    })
  }

  async wait({ isReady }: Wait): Promise<string> {
    return this.withContainer(await serviceIn('image.yml'), async (container) => {
      await container.until('ready', () => isReady(container))
      const ms = Math.round(performance.now() - container.startedMs)
      await canLogIn(container, GUEST)
      return `ready after ${ms} ms`
    })
  }

  /** The second container has another name, and finds the message that the first was given. */
  async outlive(): Promise<string> {
    const service = await serviceIn('volume.yml')
    const login = { ...GUEST, vhost: 'shop' }
    await this.withContainer(service, async (container) => {
      await this.healthy(container, service.healthCheck)
      await canLogIn(container, login, 'outlived=hare')
      return ''
    })
    const renamed = { ...service, hostname: 'elsewhere', env: new Map() }
    return this.withContainer(renamed, async (container) => {
      await this.healthy(container, service.healthCheck)
      const { stdout, stderr } = await probe(container, login, 'outlived')
      assert.equal(stdout.trim(), '1', stderr)
      return ''
    })
  }

  async stop(): Promise<string> {
    const container = this.start(this.image, await serviceIn('image.yml'))
    await started(container)
    assert.equal(await container.stop(), 0)
    assert.ok(container.lines.some((line) => line.includes('SIGTERM received - shutting down')))
    return ''
  }

  async ownHealthCheck(): Promise<string> {
    return this.withContainer(await serviceIn('image.yml'), (container, image) =>
      this.healthy(container, image.healthCheck),
    )
  }

  async tools(): Promise<string> {
    return this.withContainer(await serviceIn('image.yml'), async (container) => {
      await started(container)
      for (const path of TOOLS) await printed(container, 'test', '-x', path)
      return `${TOOLS.length} of them`
    })
  }

  /** Time until the check succeeds, and what the last one took. */
  private async healthy(container: Container, check: readonly string[] | null): Promise<string> {
    assert.ok(check !== null, 'there is no health check')
    let checkMs = 0
    let why = ''
    try {
      await container.until('healthy', async () => {
        const { exitCode, stdout, stderr, ms } = await container.exec(check)
        checkMs = ms
        why = stderr + stdout
        return exitCode === 0
      })
    } catch (error) {
      throw new Error(`${check.join(' ')}: ${why}`, { cause: error })
    }
    const totalMs = Math.round(performance.now() - container.startedMs)
    return `healthy after ${totalMs} ms, a check takes ${Math.round(checkMs)} ms`
  }

  private async withContainer(
    service: Service,
    use: (container: Container, image: Image, service: Service) => Promise<string>,
  ): Promise<string> {
    const image = await this.imageOf(service)
    const container = this.start(image, service)
    try {
      return await use(container, image, service)
    } finally {
      await container.stop()
    }
  }

  private start(image: Image, service: Service): Container {
    const directory = join(this.scratch, `container-${++this.count}`)
    return new Container(image, service, directory, join(this.scratch, 'volumes'))
  }

  /** Whatever image of RabbitMQ it names, it gets this one. */
  private async imageOf({ build }: Service): Promise<Image> {
    if (build === null) return this.image
    const directory = await mkdtemp(join(this.scratch, 'built-'))
    return buildImage(build, directory, async (name, root) => {
      assert.match(name, /^rabbitmq:/)
      await copyTree(this.image.root, root)
      return { ...this.image, root }
    })
  }
}

function started(container: Container): Promise<void> {
  return container.until('started', () =>
    container.lines.some((line) => line.includes('Server startup complete')),
  )
}

async function serviceIn(file: string): Promise<Service> {
  const path = join(import.meta.dirname, 'compose', file)
  return readService(await readFile(path, 'utf8'), dirname(path))
}
