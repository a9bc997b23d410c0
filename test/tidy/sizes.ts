import type { SourceFile } from './source-file.ts'

const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70

/** Files that hold more than one idea. */
export function longFiles(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const lines = file.text.replace(/\n$/, '').split('\n').length
    return lines > FILE_LINES_MAX ? [`${file.path}: ${lines} lines`] : []
  })
}

/** Functions that do not fit a screen. What is handed to `describe` groups tests and is not counted. */
export function longFunctions(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const found: string[] = []
    const groups = new Set<unknown>()
    const measure = (node: { start: number; end: number }) => {
      const lines = file.lineAt(node.end) - file.lineAt(node.start) + 1
      if (lines > FUNCTION_LINES_MAX && !groups.has(node)) {
        found.push(`${file.at(node.start)}: a function of ${lines} lines`)
      }
    }
    file.visit({
      CallExpression(node) {
        const { start, end } = node.callee
        if (!/^describe\b/.test(file.text.slice(start, end))) return
        for (const argument of node.arguments) groups.add(argument)
      },
      FunctionDeclaration: measure,
      FunctionExpression: measure,
      ArrowFunctionExpression: measure,
    })
    return found
  })
}
