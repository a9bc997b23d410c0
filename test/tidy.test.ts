import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { INERT_KEYS } from '../src/config/inert.ts'
import { defaultText, type Option } from '../src/config/option.ts'
import { OPTIONS } from '../src/config/options.ts'
import { KNOWN_VARIABLES } from '../src/config/variables.ts'
import { literalsOf, propertiesOf } from './tidy/declarations.ts'
import { importCycles, strayImports, undeclaredImports } from './tidy/imports.ts'
import { promisedWork, strayConsole, typeEscapes, unrunTests } from './tidy/leftovers.ts'
import { longFiles, longFunctions } from './tidy/sizes.ts'
import { readSourceFiles } from './tidy/source-file.ts'

/** The only imports there may be, from part to part of `src`. Type-only imports follow them too. */
const ARROWS = {
  common: [],
  wire: ['common'],
  core: ['common'],
  store: ['core', 'common'],
  auth: ['common'],
  protocol: ['wire', 'core', 'auth', 'common'],
  server: ['protocol', 'wire/output.ts', 'common'],
  metrics: ['core', 'common'],
  management: ['core', 'auth', 'metrics', 'common'],
  config: ['common'],
  'broker-options.ts': [
    'core/node-limits.ts',
    'core/vhost-defaults.ts',
    'server/peer-name.ts',
    'server/tls-files.ts',
    'common',
  ],
  'definitions.ts': ['protocol', 'core', 'auth'],
  'administration.ts': ['definitions.ts', 'protocol', 'core', 'auth', 'common'],
  'restoring.ts': ['definitions.ts', 'protocol', 'core', 'common'],
  'management-host.ts': ['administration.ts', 'management', 'protocol', 'core'],
  'managing.ts': [
    'administration.ts',
    'broker-options.ts',
    'listening.ts',
    'management-host.ts',
    'management',
    'protocol',
    'server',
  ],
  'storage.ts': ['broker-options.ts', 'store', 'protocol', 'core', 'common'],
  'seeding.ts': [
    'administration.ts',
    'broker-options.ts',
    'definitions.ts',
    'management',
    'protocol',
    'common',
  ],
  'listening.ts': ['broker-options.ts', 'server', 'protocol', 'common'],
  'broker.ts': [
    'administration.ts',
    'broker-options.ts',
    'listening.ts',
    'seeding.ts',
    'managing.ts',
    'restoring.ts',
    'storage.ts',
    'common',
    'wire',
    'core',
    'auth',
    'protocol',
    'server',
    'metrics',
    'management',
    'config',
  ],
  'index.ts': [
    'administration.ts',
    'broker.ts',
    'broker-options.ts',
    'core/node-limits.ts',
    'core/policy/policy.ts',
    'core/vhost-defaults.ts',
    'protocol/alarms.ts',
    'protocol/resource-watch.ts',
    'server/peer-name.ts',
    'server/tls-files.ts',
    'common',
  ],
  ctl: ['common'],
  cli: ['ctl', 'config', 'store', 'broker.ts', 'index.ts', 'common'],
}

type Lock = {
  readonly packages: {
    readonly [path: string]: { readonly optionalDependencies?: { readonly [name: string]: string } }
  }
}

const GENERATED = 'src/wire/methods.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const files = readSourceFiles(ROOT, ['src', 'test', 'conformance'])
const sourceFiles = files.filter((file) => file.path.startsWith('src/'))
const testFiles = files.filter((file) => !file.path.startsWith('src/'))
const writtenFiles = files.filter((file) => file.path !== GENERATED)

describe('source files', () => {
  test('are found', () => {
    expect(sourceFiles.map((file) => file.path)).toContain('src/cli/main.ts')
    expect(testFiles.map((file) => file.path)).toContain('test/tidy.test.ts')
    expect(files.map((file) => file.path)).toContain(GENERATED)
  })

  test('import only along the arrows', () => {
    expect(strayImports(files, ARROWS)).toEqual([])
  })

  test('import each other without cycles', () => {
    expect(importCycles(files)).toEqual([])
  })

  test('import only built-in modules and declared dependencies', () => {
    expect(undeclaredImports(files, JSON.parse(read('package.json')))).toEqual([])
  })

  test('have at most 400 lines', () => {
    expect(longFiles(writtenFiles)).toEqual([])
  })

  test('have functions of at most 70 lines', () => {
    expect(longFunctions(writtenFiles)).toEqual([])
  })

  test('leave the console to the command', () => {
    expect(strayConsole(files)).toEqual([])
  })

  test('do not silence the type checker', () => {
    expect(typeEscapes(sourceFiles)).toEqual([])
  })

  test('promise no work in comments', () => {
    expect(promisedWork(files)).toEqual([])
  })

  test('leave no test out', () => {
    expect(unrunTests(testFiles)).toEqual([])
  })
})

describe('the lock file', () => {
  const text = read('package-lock.json')

  test('records no download addresses', () => {
    expect(text).not.toContain('"resolved"')
  })

  test('holds what every platform needs, without which npm ci refuses it', () => {
    const { packages }: Lock = JSON.parse(text)
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages),
      ),
    )
    expect(missing).toEqual([])
  })
})

test.each(['README.md', 'Dockerfile', 'docker-compose.yml'])(
  '%s names no setting that is not there',
  (path) => {
    const known = KNOWN_VARIABLES
    const named = read(path).match(/\b(RABBITMQ|LEVERET)_[A-Z_]+/g) ?? []
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  },
)

describe('README', () => {
  const readme = read('README.md')

  test.each(Object.values<Option<unknown>>(OPTIONS))('has a row for --$flag', (option) => {
    const words = option.type.words === undefined ? '' : ` (${option.type.words.join(', ')})`
    const cells = [
      `\`--${option.flag} ${option.type.placeholder}\``,
      `\`${option.env}\``,
      option.conf.map((key) => `\`${key}\``).join(', '),
      defaultText(option),
      option.help + words,
    ]
    expect(readme).toContain(`| ${cells.join(' | ')} |`)
  })

  test.each(INERT_KEYS)('tells of keys without effect: $reason', ({ patterns, ...inert }) => {
    const keys = patterns.map((pattern) => `\`${pattern}\``).join(', ')
    const reason = inert.isHarmless ? inert.reason : `${inert.reason}, with a warning`
    expect(readme).toContain(`| ${keys} | ${reason} |`)
  })

  test('lists no option that is not there', () => {
    const known = Object.values(OPTIONS).map((option) => option.flag)
    expect(rowsOf('Options', /`--([a-z-]+)[^`]*`/)).toEqual(known)
  })

  test('lists the codes of BrokerError', () => {
    const codes = literalsOf(sourceFiles, 'BrokerErrorCode')
    expect(codes).toContain('PORT_IN_USE')
    expect(rowsOf('Library', /`([A-Z]+(?:_[A-Z]+)+)`/)).toEqual(codes)
  })

  test('lists the options of createBroker', () => {
    const [first, ...others] = propertiesOf(sourceFiles, 'BrokerOptions')
    expect(first).toBe('amqp')
    const amqp = propertiesOf(sourceFiles, 'AmqpOptions').map((name) => `amqp.${name}`)
    expect(rowsOf('Library', /`((?:amqp\.)?[a-z][A-Za-z]+)`/)).toEqual([...amqp, ...others])
  })

  test('lists the dependencies', () => {
    const manifest = JSON.parse(read('package.json'))
    const { dependencies, optionalDependencies, devDependencies } = manifest
    const declared = Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...devDependencies,
    })
    for (const name of declared) expect(readme).toContain(`\`${name}\``)
  })

  test('gives the commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1])
    expect(named).not.toEqual([])
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([])
  })

  /** What the first cells of the table rows of a section hold, where they have this form. */
  function rowsOf(heading: string, cell: RegExp): readonly (string | undefined)[] {
    const [section = ''] = readme.split(/^## /m).filter((text) => text.startsWith(`${heading}\n`))
    const row = new RegExp(`^\\| ${cell.source} \\|`, 'gm')
    return [...section.matchAll(row)].map((match) => match[1])
  }
})
