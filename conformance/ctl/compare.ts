import type { CtlCapture } from './capture.ts'

export interface CtlAnswer {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/**
 * What is different: the exit status, and lines that one side has and the other has not. Numbers, identifiers and names that
 * brokers make up count as equal; the order of lines is RabbitMQ's hash tables' and does not count.
 */
export function differences(capture: CtlCapture, answer: CtlAnswer): readonly string[] {
  const found: string[] = []
  if (answer.exitCode !== capture.exitCode) {
    found.push(`exit ${answer.exitCode}, not ${capture.exitCode}`)
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const theirs = masked(capture[stream])
    const ours = masked(answer[stream].split('\n'))
    for (const line of theirs) if (!ours.has(line)) found.push(`${stream} lacks: ${line}`)
    if (capture.isCut[stream]) continue
    for (const line of ours) if (!theirs.has(line)) found.push(`${stream} has: ${line}`)
  }
  return found
}

function masked(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.map((line) => mask(line.trimEnd())).filter((line) => line !== ''))
}

function mask(line: string): string {
  const cells = line.split('\t').map((cell) => sorted(cell))
  return cells
    .join('\t')
    .replaceAll(/<rabbit@host[.\d]+>|Pid\(#PID<[.\d]+>\)/g, '<pid>')
    .replaceAll(/amq\.gen-[\w-]+/g, 'amq.gen')
    .replaceAll(/amq\.ctag-[\w-]+|ctag1\.\w+/g, 'amq.ctag')
    .replaceAll(/(?<![\w+/])[\w+/]{48}(?![\w+/])/g, 'HASH')
    .replace(/\tblocking$/, '\tblocked') // who publishes at that moment is chance
    .replaceAll(/qq+/g, 'qq')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/-?\d+(\.\d+)*(e-?\d+)?/g, 'N')
    .replaceAll(/N(, N)+/g, 'N')
}

/** Fields of objects stand in any order; a comma before an object only says that there was another. */
function sorted(text: string): string {
  const [, json] = /^,?(\{".*\})$/.exec(text) ?? []
  if (json === undefined) return text
  try {
    return JSON.stringify(inOrder(JSON.parse(json)))
  } catch {
    return text
  }
}

function inOrder(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(inOrder)
  if (typeof json === 'string') return sorted(json)
  if (typeof json !== 'object' || json === null) return json
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, value]) => [name, inOrder(value)]))
}
