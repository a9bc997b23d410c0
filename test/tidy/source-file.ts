import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Comment, type ParseResult, parseSync, Visitor, type VisitorObject } from 'oxc-parser'

/** One parsed TypeScript file. Paths are relative to the top of the package, with forward slashes. */
export class SourceFile {
  readonly path: string
  readonly text: string
  readonly comments: readonly Comment[]
  private readonly program: ParseResult['program']

  /** @throws Error where the text is not TypeScript. */
  constructor(path: string, text: string) {
    const parsed = parseSync(path, text)
    const [error] = parsed.errors
    if (error !== undefined) throw new Error(`${path}: ${error.message}`)
    this.path = path
    this.text = text
    this.comments = parsed.comments
    this.program = parsed.program
  }

  visit(visitor: VisitorObject): void {
    new Visitor(visitor).visit(this.program)
  }

  /** The line, counted from 1, that the character at `offset` is on. */
  lineAt(offset: number): number {
    return this.text.slice(0, offset).split('\n').length
  }

  /** Where something is, as editors and terminals link it. */
  at(offset: number): string {
    return `${this.path}:${this.lineAt(offset)}`
  }
}

/** Every TypeScript file under the given folders of the package. */
export function readSourceFiles(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path))
      .sort()
      .map((path) => new SourceFile(path, readFileSync(join(root, path), 'utf8'))),
  )
}
