import { DockerfileParser } from 'dockerfile-ast'

/** One line of a Dockerfile: `{ keyword: 'COPY', text: 'src src' }`. */
export interface Instruction {
  readonly keyword: string
  readonly text: string
}

/** What `FROM` begins. */
export interface Stage {
  /** An image, or the name of an earlier stage. */
  readonly base: string
  readonly name: string | null
  readonly instructions: readonly Instruction[]
}

export interface CopyInstruction {
  /** A stage; null for the directory of the Dockerfile. */
  readonly from: string | null
  readonly sources: readonly string[]
  readonly destination: string
}

/** Reads the text of a Dockerfile as far as Leveret's uses the language; throws at anything else. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { base: string; name: string | null; instructions: Instruction[] }[] = []
  const lines = text.split('\n')
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword()
    const { start, end } = instruction.getRange()
    const whole = lines.slice(start.line, end.line + 1).join('\n')
    const said = whole.slice(keyword.length).trim() // with its flags, which the parser leaves out
    if (keyword === 'FROM') {
      const [base = '', , name = null] = said.split(/\s+/)
      stages.push({ base, name, instructions: [] })
      continue
    }
    const stage = stages.at(-1)
    if (stage === undefined) throw new Error(`${keyword} before FROM`)
    stage.instructions.push({ keyword, text: said })
  }
  return stages
}

/** Reads `[--from=STAGE] SOURCE... DESTINATION`. */
export function readCopy(text: string): CopyInstruction {
  const words = text.split(/\s+/)
  const flags = words.filter((word) => word.startsWith('--'))
  const strange = flags.find((flag) => !flag.startsWith('--from='))
  if (strange !== undefined) throw new Error(`COPY ${strange} is not understood`)
  const paths = words.filter((word) => !word.startsWith('--'))
  const destination = paths.at(-1)
  if (destination === undefined || paths.length < 2) throw new Error(`COPY ${text}`)
  const [from = null] = flags.map((flag) => flag.slice('--from='.length))
  return { from, sources: paths.slice(0, -1), destination }
}

/** Reads `NAME=VALUE`, the only form of ENV and LABEL that is used. */
export function readPair(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([\w.-]+)=(\S*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error(`no NAME=VALUE: ${text}`)
  return [name, value]
}

/** Reads a list in JSON, or words for the shell, as ENTRYPOINT and CMD have them. */
export function readCommand(text: string): readonly string[] {
  if (!text.startsWith('[')) return ['/bin/sh', '-c', text]
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words)) throw new Error(`no list: ${text}`)
  return words.map(String)
}

/** What HEALTHCHECK has containers run, without its flags; null for none. */
export function readHealthCheck(text: string): readonly string[] | null {
  if (text === 'NONE') return null
  const [, command] = /^(?:--\S+\s+)*CMD\s+(.*)$/s.exec(text) ?? []
  if (command === undefined) throw new Error(`HEALTHCHECK ${text}`)
  return readCommand(command)
}

/** Whether a file of the build context is sent to the build. Understands `*`, `!NAME` and `NAME`, as Leveret's has them. */
export function isSent(dockerignore: string, path: string): boolean {
  const top = path.split('/')[0]
  let isIgnored = false
  for (const line of dockerignore.split('\n')) {
    const pattern = line.trim()
    if (pattern === '' || pattern.startsWith('#')) continue
    const name = pattern.replace('!', '')
    if (/[*?[\]/]/.test(name) && name !== '*') throw new Error(`.dockerignore: ${pattern}`)
    if (name === '*' || name === top) isIgnored = !pattern.startsWith('!')
  }
  return !isIgnored
}
