/** A line of a configuration file that sets something. */
export type ConfEntry = {
  readonly key: string
  readonly value: string
  /** Where it stands, for errors: `/etc/rabbitmq/rabbitmq.conf:3`. */
  readonly place: string
}

/** What a file in the format of rabbitmq.conf says. */
export type ConfFile = {
  readonly entries: readonly ConfEntry[]
  /** One line for each that cannot be read. */
  readonly problems: readonly string[]
}

/**
 * Reads `key = value` lines (RabbitMQ documentation, configuration; the grammar of cuttlefish). A `#` begins a comment
 * wherever it stands but in single quotes, and a value is all that is left of its line.
 */
export function readConfFile(text: string, path: string): ConfFile {
  const entries: ConfEntry[] = []
  const problems: string[] = []
  text.split(/\r?\n/).forEach((line, at) => {
    const place = `${path}:${at + 1}`
    if (/^[ \t]*(#.*)?$/.test(line)) return
    const [, key, quoted, plain] = SETTING.exec(line) ?? []
    const value = quoted ?? plain
    if (key !== undefined && value !== undefined) {
      entries.push({ key: key.replaceAll('\\.', '.'), value, place })
    } else problems.push(`${place}: cannot be read as key = value`)
  })
  return { entries, problems }
}

const WORD = '(?:\\\\\\.|[A-Za-z0-9_-])+'
const SETTING = new RegExp(
  `^[ \\t]*(${WORD}(?:\\.${WORD})*)[ \\t]*=[ \\t]*(?:'([^']*)'|(?![ \\t]|'[^']*')([^#]*[^# \\t]))[ \\t]*(?:#.*)?$`,
)
