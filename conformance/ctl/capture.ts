/** One command as it was run against RabbitMQ, and what came of it. */
export interface CtlCapture {
  readonly tool: string
  readonly words: readonly string[]
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exitCode: number
  /** Whether only the first lines were kept. */
  readonly isCut: { readonly stdout: boolean; readonly stderr: boolean }
}

/** The commands in a file of captures: `$ COMMAND`, stdout, `--- stderr` and stderr, `--- exit N`. */
export function capturesIn(text: string): readonly CtlCapture[] {
  return text.split(/^\$ /m).slice(1).map(captureOf)
}

function captureOf(block: string): CtlCapture {
  const [command = '', ...lines] = block.split('\n')
  const end = lines.findLastIndex((line) => line.startsWith('--- exit '))
  const printed = lines.slice(0, end)
  const at = printed.indexOf('--- stderr')
  const stdout = trimmed(at < 0 ? printed : printed.slice(0, at))
  const stderr = trimmed(at < 0 ? [] : printed.slice(at + 1))
  const [tool = '', ...words] = wordsOf(command)
  return {
    tool,
    words,
    stdout: stdout.filter((line) => !CUT.test(line)),
    stderr: stderr.filter((line) => !CUT.test(line)),
    exitCode: Number(lines[end]?.slice('--- exit '.length)),
    isCut: {
      stdout: stdout.some((line) => CUT.test(line)),
      stderr: stderr.some((line) => CUT.test(line)),
    },
  }
}

const CUT = /^…\[|^\[the same explanation|…\[line cut\]$/

function trimmed(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '')
  return lines.slice(0, last + 1)
}

/** Words as a shell takes them apart. */
export function wordsOf(command: string): readonly string[] {
  const words = command.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))+/g)
  return [...words].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_whole, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
    ),
  )
}
