import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type ConfEntry, readConfFile } from './conf-file.ts'

/** What was found in the files that a setting names. */
export type FoundEntries = {
  readonly entries: readonly ConfEntry[]
  /** Paths of the files that were read. */
  readonly paths: readonly string[]
  readonly warnings: readonly string[]
  readonly problems: readonly string[]
}

/** Reads the main file, which may be named without `.conf`, and then those that override it, in the order of their names. */
export function readConfFiles(main: string | undefined, others: string | undefined): FoundEntries {
  const entries: ConfEntry[] = []
  const paths: string[] = []
  const warnings: string[] = []
  const problems: string[] = []
  for (const path of [...mainFile(main), ...filesOf(others)]) {
    if (path.endsWith('.config')) {
      warnings.push(`${path} holds Erlang terms and is not read: write rabbitmq.conf instead`)
      continue
    }
    const text = textOf(path)
    if (text === null) {
      warnings.push(`no configuration file ${path}`)
      continue
    }
    paths.push(path)
    const file = readConfFile(text, path)
    entries.push(...file.entries)
    problems.push(...file.problems)
  }
  return { entries, paths, warnings, problems }
}

function mainFile(path: string | undefined): readonly string[] {
  if (path === undefined) return []
  const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  return [isThere || /\.conf(ig)?$/.test(path) ? path : `${path}.conf`]
}

/** A directory stands for its `*.conf`. */
function filesOf(path: string | undefined): readonly string[] {
  if (path === undefined) return []
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return matching(path, '*.conf')
  return basename(path).includes('*') ? matching(dirname(path), basename(path)) : [path]
}

function matching(directory: string, pattern: string): readonly string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return []
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`)
  const names = readdirSync(directory).filter((name) => expression.test(name))
  return names.sort().map((name) => join(directory, name))
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
