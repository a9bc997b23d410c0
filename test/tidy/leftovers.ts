import type { SourceFile } from './source-file.ts'

/** Output past the logger. The command may speak to its terminal. */
export function strayConsole(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => file.path.startsWith('src/') && !file.path.startsWith('src/cli/'))
    .flatMap((file) => {
      const found: string[] = []
      file.visit({
        MemberExpression(node) {
          const { object } = node
          if (object.type === 'Identifier' && object.name === 'console') {
            found.push(`${file.at(node.start)}: console`)
          }
        },
      })
      return found
    })
}

const TEST_NAMES = ['test', 'it', 'describe', 'suite', 'bench', 'context', 'ctx', 't']
const LEAVING_OUT = ['only', 'skip', 'skipIf', 'runIf', 'todo', 'fails']

/** Tests that do not run, or keep others from running. */
export function unrunTests(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const found: string[] = []
    file.visit({
      MemberExpression(node) {
        const { object, property } = node
        if (property.type !== 'Identifier' || !LEAVING_OUT.includes(property.name)) return
        const [root = ''] = file.text.slice(object.start, object.end).split(/\W/, 1)
        if (TEST_NAMES.includes(root)) found.push(`${file.at(node.start)}: ${property.name}`)
      },
      Property(node) {
        const { key, value } = node
        const isSwitch = value.type === 'Literal' && value.value === true
        if (key.type === 'Identifier' && LEAVING_OUT.includes(key.name) && isSwitch) {
          found.push(`${file.at(node.start)}: ${key.name}`)
        }
      },
    })
    return found
  })
}

/** Ways to silence the type checker: `any`, assertions through `unknown`, directives in comments. */
export function typeEscapes(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const found: string[] = []
    const add = (node: { start: number; end: number }) => {
      const [line = ''] = file.text.slice(node.start, node.end).split('\n', 1)
      found.push(`${file.at(node.start)}: ${line}`)
    }
    file.visit({
      TSAnyKeyword: add,
      TSTypeAssertion: add,
      TSAsExpression(node) {
        if (node.expression.type === 'TSAsExpression') add(node)
      },
    })
    const directive = /@ts-(ignore|nocheck|expect-error)\b/
    return [...found, ...commentsWith(file, directive)]
  })
}

/** Comments that promise work. */
export function promisedWork(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => commentsWith(file, /\b(TODO|FIXME|XXX|HACK)\b/))
}

function commentsWith(file: SourceFile, pattern: RegExp): readonly string[] {
  return file.comments.flatMap((comment) => {
    const word = pattern.exec(comment.value)?.[0]
    return word === undefined ? [] : [`${file.at(comment.start)}: ${word}`]
  })
}
