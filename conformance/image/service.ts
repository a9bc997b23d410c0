import { join } from 'node:path'
import { parse } from 'yaml'

/** A service of a compose file, or of a workflow of GitHub Actions, as far as it concerns the container. */
export interface Service {
  readonly image: string | null
  /** Directory with a Dockerfile. */
  readonly build: string | null
  readonly env: ReadonlyMap<string, string>
  readonly mounts: readonly Mount[]
  readonly entrypoint: readonly string[] | null
  readonly command: readonly string[] | null
  readonly hostname: string
  readonly user: string | null
  /** Settings of the kernel that the container has for itself: `net.ipv6.conf.all.disable_ipv6=1`. */
  readonly sysctls: readonly string[]
  /** Null for that of the image. */
  readonly healthCheck: readonly string[] | null
}

export interface Mount {
  readonly kind: 'bind' | 'ro' | 'volume' | 'tmpfs'
  /** A path, or the name of a volume; empty for a tmpfs. */
  readonly source: string
  readonly target: string
}

type Words = string | readonly string[]

type ComposeService = {
  readonly image?: string
  readonly build?: string
  readonly environment?: readonly string[] | { readonly [name: string]: string | number }
  readonly volumes?: readonly string[]
  readonly tmpfs?: Words
  readonly secrets?: readonly string[]
  readonly entrypoint?: Words
  readonly command?: Words
  readonly hostname?: string
  readonly user?: string
  readonly sysctls?: readonly string[]
  readonly healthcheck?: { readonly test: Words }
}

type Workflow = {
  readonly image: string
  readonly env?: { readonly [name: string]: string }
  readonly options?: string
}

type Document = {
  readonly services?: { readonly [name: string]: ComposeService }
  readonly secrets?: { readonly [name: string]: { readonly file: string } }
  readonly jobs?: {
    readonly [name: string]: { readonly services: { readonly [name: string]: Workflow } }
  }
}

/** The service `rabbitmq` of a compose file or a workflow that lies in this directory. */
export function readService(text: string, directory: string): Service {
  const document: Document = parse(text)
  const composed = document.services?.rabbitmq
  if (composed !== undefined) return ofCompose(composed, document.secrets ?? {}, directory)
  for (const { services } of Object.values(document.jobs ?? {})) {
    if (services.rabbitmq !== undefined) return ofWorkflow(services.rabbitmq)
  }
  throw new Error('no service rabbitmq')
}

function ofCompose(
  service: ComposeService,
  secrets: { readonly [name: string]: { readonly file: string } },
  directory: string,
): Service {
  const { environment = {}, volumes = [], healthcheck } = service
  const pairs = Array.isArray(environment)
    ? environment.map((pair: string) => splitAt(pair, '='))
    : Object.entries(environment)
  const tmpfs = listOf(service.tmpfs ?? [])
  return {
    image: service.image ?? null,
    build: service.build === undefined ? null : join(directory, service.build),
    env: new Map(pairs.map(([name, value]) => [name, dollars(String(value))])),
    mounts: [
      ...tmpfs.map((target): Mount => ({ kind: 'tmpfs', source: '', target })),
      ...volumes.map((volume) => mountOf(volume, directory)),
      ...(service.secrets ?? []).map((name): Mount => {
        const source = join(directory, secrets[name]?.file ?? '')
        return { kind: 'ro', source, target: `/run/secrets/${name}` }
      }),
    ],
    entrypoint: service.entrypoint === undefined ? null : wordsOf(service.entrypoint),
    command: service.command === undefined ? null : wordsOf(service.command),
    hostname: service.hostname ?? 'd1f0c3a9b7e2',
    user: service.user ?? null,
    sysctls: service.sysctls ?? [],
    healthCheck: healthcheck === undefined ? null : healthCheckOf(healthcheck.test),
  }
}

function ofWorkflow({ image, env = {}, options = '' }: Workflow): Service {
  const words = shellWords(options)
  const after = (flag: string) => {
    const at = words.indexOf(flag)
    return at < 0 ? null : (words[at + 1] ?? null)
  }
  const check = after('--health-cmd')
  return {
    image,
    build: null,
    env: new Map(Object.entries(env)),
    mounts: [],
    entrypoint: null,
    command: null,
    hostname: after('--hostname') ?? 'a40cc1e7d55b',
    user: after('--user'),
    sysctls: [],
    healthCheck: check === null ? null : healthCheckOf(check),
  }
}

/** `./file:/etc/file:ro`, `name:/path`. */
function mountOf(volume: string, directory: string): Mount {
  const [source = '', target = '', mode] = volume.split(':')
  if (!source.startsWith('.')) return { kind: 'volume', source, target }
  return { kind: mode === 'ro' ? 'ro' : 'bind', source: join(directory, source), target }
}

function healthCheckOf(test: Words): readonly string[] {
  if (typeof test === 'string') return ['/bin/sh', '-c', dollars(test)]
  const [form, ...words] = test.map(dollars)
  if (form === 'CMD') return words
  if (form === 'CMD-SHELL') return ['/bin/sh', '-c', ...words]
  throw new Error(`no health check: ${test.join(' ')}`)
}

function wordsOf(command: Words): readonly string[] {
  const words = typeof command === 'string' ? shellWords(command) : command
  return words.map(dollars)
}

function listOf(words: Words): readonly string[] {
  return typeof words === 'string' ? [words] : words
}

/** Two dollars stand for one in a compose file. */
function dollars(text: string): string {
  return text.replaceAll('$$', '$')
}

function shellWords(text: string): readonly string[] {
  const words = text.match(/(?:"(?:\\.|[^"])*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) => word.replaceAll(/"((?:\\.|[^"])*)"|'([^']*)'/g, '$1$2'))
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
