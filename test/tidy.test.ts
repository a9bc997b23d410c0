import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defaultText, OPTIONS, type Option } from '../src/config/options.ts'
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
  'broker.ts': [
    'common',
    'wire',
    'core',
    'store',
    'auth',
    'protocol',
    'server',
    'metrics',
    'management',
    'config',
  ],
  'index.ts': ['broker.ts', 'common'],
  cli: ['config', 'broker.ts', 'index.ts', 'common'],
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

test('the lock file records no download addresses', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"')
})

describe('README', () => {
  const readme = read('README.md')

  test.each(Object.values<Option<unknown>>(OPTIONS))('has a row for --$flag', (option) => {
    const words = option.type.words === undefined ? '' : ` (${option.type.words.join(', ')})`
    const cells = [
      `\`--${option.flag} ${option.type.placeholder}\``,
      `\`${option.env}\``,
      defaultText(option),
      option.help + words,
    ]
    expect(readme).toContain(`| ${cells.join(' | ')} |`)
  })

  test('lists no option that is not there', () => {
    const known = Object.values(OPTIONS).map((option) => option.flag)
    const rows = [...readme.matchAll(/^\| `--([a-z-]+)/gm)].map((row) => row[1])
    expect(rows).toEqual(known)
  })
})
