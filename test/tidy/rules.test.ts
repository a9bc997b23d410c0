import { describe, expect, test } from 'vitest'
import { literalsOf, propertiesOf } from './declarations.ts'
import { importCycles, strayImports, undeclaredImports } from './imports.ts'
import { promisedWork, strayConsole, typeEscapes, unrunTests } from './leftovers.ts'
import { longFiles, longFunctions } from './sizes.ts'
import { SourceFile } from './source-file.ts'

/** Files written as a path and its lines. */
function sources(contents: { [path: string]: string | readonly string[] }): readonly SourceFile[] {
  return Object.entries(contents).map(
    ([path, text]) => new SourceFile(path, typeof text === 'string' ? text : text.join('\n')),
  )
}

test('text that is not TypeScript is refused', () => {
  expect(() => new SourceFile('src/a.ts', 'const = 1')).toThrow('src/a.ts: ')
})

describe('import arrows', () => {
  const arrows = { common: [], wire: ['common'], server: ['wire/output.ts'], 'broker.ts': ['wire'] }

  test('imports of the same part, of an allowed part and of an allowed file pass', () => {
    const files = sources({
      'src/wire/a.ts': ["import { b } from './b.ts'", "import { c } from '../common/c.ts'"],
      'src/server/s.ts': "import { Output } from '../wire/output.ts'",
      'src/broker.ts': "export { a } from './wire/a.ts'",
    })
    expect(strayImports(files, arrows)).toEqual([])
  })

  test.each([
    ["import { a } from '../wire/a.ts'"],
    ["import type { A } from '../wire/a.ts'"],
    ["import '../wire/a.ts'"],
    ["export { a } from '../wire/a.ts'"],
    ["export * from '../wire/a.ts'"],
    ["await import('../wire/a.ts')"],
    ["type A = import('../wire/a.ts').A"],
  ])('%s does not pass in common', (line) => {
    expect(strayImports(sources({ 'src/common/c.ts': ['', line] }), arrows)).toEqual([
      'src/common/c.ts:2: common may not import ../wire/a.ts',
    ])
  })

  test('another file of a part of which one file is allowed does not pass', () => {
    const files = sources({ 'src/server/s.ts': "import { a } from '../wire/a.ts'" })
    expect(strayImports(files, arrows)).toEqual([
      'src/server/s.ts:1: server may not import ../wire/a.ts',
    ])
  })

  test('nothing in src may import tests', () => {
    const files = sources({ 'src/wire/a.ts': "import { b } from '../../test/wire/b.ts'" })
    expect(strayImports(files, arrows)).toHaveLength(1)
  })

  test('a part without arrows is told', () => {
    expect(strayImports(sources({ 'src/mqtt/m.ts': '' }), arrows)).toEqual([
      'src/mqtt/m.ts: no arrows are given for mqtt',
    ])
  })
})

describe('import cycles', () => {
  test('a cycle is told once, a tree not at all', () => {
    const files = sources({
      'src/a.ts': ["import './b.ts'", "import './d.ts'"],
      'src/b.ts': "import { type C } from './c.ts'",
      'src/c.ts': ["import './d.ts'", "export { b } from './b.ts'"],
      'src/d.ts': '',
    })
    expect(importCycles(files)).toEqual(['src/b.ts -> src/c.ts -> src/b.ts'])
  })

  test('types may refer to each other', () => {
    const files = sources({
      'src/a.ts': ["import type { B } from './b.ts'", "type C = import('./b.ts').C"],
      'src/b.ts': "export type { A } from './a.ts'",
    })
    expect(importCycles(files)).toEqual([])
  })

  test('a file that imports itself is a cycle', () => {
    expect(importCycles(sources({ 'src/a.ts': "import './a.ts'" }))).toEqual([
      'src/a.ts -> src/a.ts',
    ])
  })
})

describe('declared dependencies', () => {
  const manifest = {
    dependencies: { pino: '1' },
    optionalDependencies: { 'may-be': '1' },
    devDependencies: { '@scope/tool': '1' },
  }

  test('built-in modules and declared packages pass', () => {
    const files = sources({
      'src/a.ts': [
        "import 'node:fs/promises'",
        "import 'pino'",
        "import 'pino/file'",
        "import 'may-be'",
      ],
      'test/a.ts': ["import '@scope/tool/deep'", "import 'pino'"],
    })
    expect(undeclaredImports(files, manifest)).toEqual([])
  })

  test.each([
    ['src/a.ts', 'lodash'],
    ['src/a.ts', '@scope/tool'],
    ['src/a.ts', 'fs'],
    ['src/a.ts', 'node:no-such-module'],
    ['test/a.ts', '@scope/other'],
  ])('%s may not import %s', (path, specifier) => {
    const files = sources({ [path]: `import '${specifier}'` })
    expect(undeclaredImports(files, manifest)).toEqual([`${path}:1: ${specifier} is not declared`])
  })
})

describe('sizes', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `call(${index})`)

  test('a file may have 400 lines', () => {
    expect(longFiles(sources({ 'src/a.ts': `${lines(400).join('\n')}\n` }))).toEqual([])
    expect(longFiles(sources({ 'src/a.ts': lines(401) }))).toEqual(['src/a.ts: 401 lines'])
  })

  test.each([
    ['function f() {', '}'],
    ['const f = () => {', '}'],
    ['const f = function () {', '}'],
    ['const o = { async f() {', '} }'],
    ['class A { f(): void {', '} }'],
    ['class A { constructor() {', '} }'],
    ["test('t', () => {", '})'],
    ['describes(() => {', '})'],
  ])('%s may have 70 lines with its braces', (first, last) => {
    expect(longFunctions(sources({ 'src/a.ts': [first, ...lines(68), last] }))).toEqual([])
    expect(longFunctions(sources({ 'src/a.ts': [first, ...lines(69), last] }))).toEqual([
      'src/a.ts:1: a function of 71 lines',
    ])
  })

  test.each(["describe('d', () => {", "describe.each([1])('d', () => {"])(
    '%s may have any number of lines',
    (first) => {
      expect(longFunctions(sources({ 'src/a.ts': [first, ...lines(100), '})'] }))).toEqual([])
    },
  )
})

describe('leftovers', () => {
  test('console is for the command only', () => {
    const text = ["const s = 'console.log(1)'", 'console.log(s)']
    const files = sources({ 'src/cli/a.ts': text, 'test/a.ts': text, 'src/wire/a.ts': text })
    expect(strayConsole(files)).toEqual(['src/wire/a.ts:2: console'])
  })

  // Built from parts, so that a search for the real thing does not find this list.
  test.each(['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails'])(
    'tests may not use %s',
    (name) => {
      const calls = [
        `test.${name}('t')`,
        `describe.${name}.each([])('d')`,
        `test('t', { ${name}: true })`,
      ]
      expect(unrunTests(sources({ 'test/a.ts': calls }))).toEqual([
        `test/a.ts:1: ${name}`,
        `test/a.ts:2: ${name}`,
        `test/a.ts:3: ${name}`,
      ])
      expect(unrunTests(sources({ 'test/a.ts': `reader.${name}(2)` }))).toEqual([])
    },
  )

  test.each([
    ['const a: any = 1', 'any'],
    ['const a = b as any', 'any'],
    ['const a: Map<string, any[]> = b', 'any'],
    ['const a = b as unknown as A', 'b as unknown as A'],
    ['const a = <A>b', '<A>b'],
    ['// @ts-ignore', '@ts-ignore'],
    ['/* @ts-expect-error: no */', '@ts-expect-error'],
  ])('%s is a type escape', (line, text) => {
    expect(typeEscapes(sources({ 'src/a.ts': line }))).toEqual([`src/a.ts:1: ${text}`])
  })

  test('words in strings and comments are no type escapes', () => {
    const text = ["const any = 'as any'", '// any as unknown as any', 'const a = [1] as const']
    expect(typeEscapes(sources({ 'src/a.ts': text }))).toEqual([])
  })

  test.each(['TODO', 'FIXME'])('a comment may not promise work with %s', (word) => {
    const files = sources({ 'src/a.ts': [`const a = '${word}'`, `// ${word}: later`] })
    expect(promisedWork(files)).toEqual([`src/a.ts:2: ${word}`])
  })
})

describe('declarations', () => {
  const files = sources({
    'src/a.ts': ["type Code = /** b */ 'B' | 'A'", "type Other = 'C' | 'D'"],
    'src/b.ts': 'interface Options { readonly host?: string; port: number; close(): void }',
  })

  test('the strings of a type are found', () => {
    expect(literalsOf(files, 'Code')).toEqual(['B', 'A'])
    expect(literalsOf(files, 'Missing')).toEqual([])
  })

  test('the properties of an interface are found', () => {
    expect(propertiesOf(files, 'Options')).toEqual(['host', 'port'])
    expect(propertiesOf(files, 'Missing')).toEqual([])
  })
})
