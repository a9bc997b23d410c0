import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import type { SourceFile } from './source-file.ts'

/** An import of any kind: static, type-only, dynamic, re-export, `import('...').Type`. */
export type Import = {
  /** As written. */
  readonly specifier: string
  /** Path from the top of the package, or null for a module that is not ours. */
  readonly target: string | null
  readonly where: string
  /** Gone once compiled: `import type`, `export type`, `import('...').Type`. */
  readonly isTypeOnly: boolean
}

export function importsOf(file: SourceFile): readonly Import[] {
  const imports: Import[] = []
  const add = (source: { value?: unknown; start: number } | null, kind: 'type' | 'value') => {
    if (source === null || typeof source.value !== 'string') return
    const specifier = source.value
    const isOurs = specifier.startsWith('.')
    const target = isOurs ? posix.join(posix.dirname(file.path), specifier) : null
    imports.push({ specifier, target, where: file.at(source.start), isTypeOnly: kind === 'type' })
  }
  file.visit({
    ImportDeclaration: (node) => add(node.source, node.importKind ?? 'value'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind ?? 'value'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind ?? 'value'),
    ImportExpression: (node) => add(node.source, 'value'),
    TSImportType: (node) => add(node.source, 'type'),
  })
  return imports
}

/** What each part of `src` may import, besides itself: a part, or one file of a part. */
export type Arrows = { readonly [part: string]: readonly string[] }

/** Imports in `src` that follow no arrow. */
export function strayImports(files: readonly SourceFile[], arrows: Arrows): readonly string[] {
  return inSrc(files).flatMap((file) => {
    const part = partOf(file.path)
    const allowed = arrows[part]
    if (allowed === undefined) return [`${file.path}: no arrows are given for ${part}`]
    return importsOf(file)
      .filter(({ target }) => target !== null && !isAllowed(target, [part, ...allowed]))
      .map((found) => `${found.where}: ${part} may not import ${found.specifier}`)
  })
}

/** `src/wire/output.ts` is in the part `wire`, `src/broker.ts` is a part of its own. */
function partOf(path: string): string {
  return path.split('/')[1] ?? path
}

function isAllowed(target: string, allowed: readonly string[]): boolean {
  const inner = target.replace(/^src\//, '')
  return inner !== target && (allowed.includes(inner) || allowed.includes(partOf(target)))
}

/**
 * Import cycles in `src`, each told as the chain of its files. Type-only imports do not count: types may
 * refer to each other within a part, and the arrows keep them apart beyond it.
 */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(
    inSrc(files).map((file) => [
      file.path,
      importsOf(file).flatMap(({ target, isTypeOnly }) => (isTypeOnly ? [] : (target ?? []))),
    ]),
  )
  const cycles: string[] = []
  const done = new Set<string>()
  const chain: string[] = []
  const walk = (path: string) => {
    const at = chain.indexOf(path)
    if (at !== -1) cycles.push([...chain.slice(at), path].join(' -> '))
    if (at !== -1 || done.has(path)) return
    chain.push(path)
    for (const target of targets.get(path) ?? []) walk(target)
    chain.pop()
    done.add(path)
  }
  for (const path of targets.keys()) walk(path)
  return cycles
}

/** The parts of package.json that say what may be imported. */
export type Manifest = {
  readonly dependencies: { readonly [name: string]: string }
  readonly devDependencies: { readonly [name: string]: string }
  readonly optionalDependencies?: { readonly [name: string]: string }
}

/** What is bundled with all that it imports. */
const BUNDLED = 'src/management/ui/'

/**
 * Modules that are neither built in (`node:`) nor declared; `src` may not use development dependencies, but for what is
 * bundled.
 */
export function undeclaredImports(
  files: readonly SourceFile[],
  manifest: Manifest,
): readonly string[] {
  const runTime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  const all = [...runTime, ...Object.keys(manifest.devDependencies)]
  return files.flatMap((file) => {
    const isRun = file.path.startsWith('src/') && !file.path.startsWith(BUNDLED)
    const declared = isRun ? runTime : all
    return importsOf(file)
      .filter(({ specifier, target }) => target === null && !isKnown(specifier, declared))
      .map(({ specifier, where }) => `${where}: ${specifier} is not declared`)
  })
}

function isKnown(specifier: string, declared: readonly string[]): boolean {
  if (specifier.startsWith('node:')) return builtinModules.includes(specifier.slice(5))
  const [first = '', second = ''] = specifier.split('/')
  return declared.includes(first.startsWith('@') ? `${first}/${second}` : first)
}

function inSrc(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith('src/'))
}
